from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.pending_entry import PendingEntry





T = TypeVar("T", bound="PendingList")



@_attrs_define
class PendingList:
    """ Pending entries.

        Attributes:
            pending (list[PendingEntry]): The entries of the page.
     """

    pending: list[PendingEntry]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.pending_entry import PendingEntry # noqa: PLC0415
        pending = []
        for pending_item_data in self.pending:
            pending_item = pending_item_data.to_dict()
            pending.append(pending_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "pending": pending,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pending_entry import PendingEntry # noqa: PLC0415
        d = dict(src_dict)
        pending = []
        _pending = d.pop("pending")
        for pending_item_data in (_pending):
            pending_item = PendingEntry.from_dict(pending_item_data)



            pending.append(pending_item)


        pending_list = cls(
            pending=pending,
        )


        pending_list.additional_properties = d
        return pending_list

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
