from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="StorageServer")



@_attrs_define
class StorageServer:
    """ A server that stores streams.

        Attributes:
            address (str): The address of the server.
            server (str): The name and version that the server reports.
            is_ready (bool): Whether the server can serve requests now.
            reconnects (int): How often the connection to the server was lost and restored.
     """

    address: str
    server: str
    is_ready: bool
    reconnects: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        address = self.address

        server = self.server

        is_ready = self.is_ready

        reconnects = self.reconnects


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "address": address,
            "server": server,
            "isReady": is_ready,
            "reconnects": reconnects,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        address = d.pop("address")

        server = d.pop("server")

        is_ready = d.pop("isReady")

        reconnects = d.pop("reconnects")

        storage_server = cls(
            address=address,
            server=server,
            is_ready=is_ready,
            reconnects=reconnects,
        )


        storage_server.additional_properties = d
        return storage_server

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
