from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.dead_entry import DeadEntry





T = TypeVar("T", bound="DeadList")



@_attrs_define
class DeadList:
    """ A page of the dead entries of a group.

        Attributes:
            dead (list[DeadEntry]): The entries of the page.
            cursor (str | Unset): Where the next page starts. Omitted on the last page.
     """

    dead: list[DeadEntry]
    cursor: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.dead_entry import DeadEntry # noqa: PLC0415
        dead = []
        for dead_item_data in self.dead:
            dead_item = dead_item_data.to_dict()
            dead.append(dead_item)



        cursor = self.cursor


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "dead": dead,
        })
        if cursor is not UNSET:
            field_dict["cursor"] = cursor

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dead_entry import DeadEntry # noqa: PLC0415
        d = dict(src_dict)
        dead = []
        _dead = d.pop("dead")
        for dead_item_data in (_dead):
            dead_item = DeadEntry.from_dict(dead_item_data)



            dead.append(dead_item)


        cursor = d.pop("cursor", UNSET)

        dead_list = cls(
            dead=dead,
            cursor=cursor,
        )


        dead_list.additional_properties = d
        return dead_list

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
