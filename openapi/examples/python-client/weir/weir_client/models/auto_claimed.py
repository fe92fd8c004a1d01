from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.claimed_entry import ClaimedEntry





T = TypeVar("T", bound="AutoClaimed")



@_attrs_define
class AutoClaimed:
    """ Claimed entries, and where to continue.

        Attributes:
            next_ (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be
                omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response always
                contains it. Example: 1767225600000-0.
            entries (list[ClaimedEntry]): The claimed entries.
            deleted_ids (list[str]): Pending ids whose entries no longer exist. The request removed them from the pending
                list.
     """

    next_: str
    entries: list[ClaimedEntry]
    deleted_ids: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.claimed_entry import ClaimedEntry # noqa: PLC0415
        next_ = self.next_

        entries = []
        for entries_item_data in self.entries:
            entries_item = entries_item_data.to_dict()
            entries.append(entries_item)



        deleted_ids = self.deleted_ids




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "next": next_,
            "entries": entries,
            "deletedIds": deleted_ids,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.claimed_entry import ClaimedEntry # noqa: PLC0415
        d = dict(src_dict)
        next_ = d.pop("next")

        entries = []
        _entries = d.pop("entries")
        for entries_item_data in (_entries):
            entries_item = ClaimedEntry.from_dict(entries_item_data)



            entries.append(entries_item)


        deleted_ids = cast(list[str], d.pop("deletedIds"))


        auto_claimed = cls(
            next_=next_,
            entries=entries,
            deleted_ids=deleted_ids,
        )


        auto_claimed.additional_properties = d
        return auto_claimed

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
