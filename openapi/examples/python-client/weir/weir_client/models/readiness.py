from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.storage_server import StorageServer
  from ..models.storage_state import StorageState





T = TypeVar("T", bound="Readiness")



@_attrs_define
class Readiness:
    """ The server is ready.

        Attributes:
            ready (bool): Always true.
            storage (StorageState | Unset): The state of the data directory. Omitted by an engine without one.
            servers (list[StorageServer] | Unset): The servers that store the streams. Omitted by an engine that stores them
                itself.
     """

    ready: bool
    storage: StorageState | Unset = UNSET
    servers: list[StorageServer] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.storage_server import StorageServer # noqa: PLC0415
        from ..models.storage_state import StorageState # noqa: PLC0415
        ready = self.ready

        storage: dict[str, Any] | Unset = UNSET
        if not isinstance(self.storage, Unset):
            storage = self.storage.to_dict()

        servers: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.servers, Unset):
            servers = []
            for servers_item_data in self.servers:
                servers_item = servers_item_data.to_dict()
                servers.append(servers_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "ready": ready,
        })
        if storage is not UNSET:
            field_dict["storage"] = storage
        if servers is not UNSET:
            field_dict["servers"] = servers

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.storage_server import StorageServer # noqa: PLC0415
        from ..models.storage_state import StorageState # noqa: PLC0415
        d = dict(src_dict)
        ready = d.pop("ready")

        _storage = d.pop("storage", UNSET)
        storage: StorageState | Unset
        if isinstance(_storage,  Unset):
            storage = UNSET
        else:
            storage = StorageState.from_dict(_storage)




        _servers = d.pop("servers", UNSET)
        servers: list[StorageServer] | Unset = UNSET
        if _servers is not UNSET:
            servers = []
            for servers_item_data in _servers:
                servers_item = StorageServer.from_dict(servers_item_data)



                servers.append(servers_item)


        readiness = cls(
            ready=ready,
            storage=storage,
            servers=servers,
        )


        readiness.additional_properties = d
        return readiness

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
