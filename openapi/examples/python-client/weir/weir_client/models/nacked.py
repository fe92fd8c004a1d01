from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="Nacked")



@_attrs_define
class Nacked:
    """ The result of nacking entries.

        Attributes:
            nacked (int): Number of entries that were pending and are now nacked.
            not_pending (list[str]): The ids in the request that were not pending.
     """

    nacked: int
    not_pending: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        nacked = self.nacked

        not_pending = self.not_pending




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "nacked": nacked,
            "notPending": not_pending,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        nacked = d.pop("nacked")

        not_pending = cast(list[str], d.pop("notPending"))


        nacked = cls(
            nacked=nacked,
            not_pending=not_pending,
        )


        nacked.additional_properties = d
        return nacked

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
