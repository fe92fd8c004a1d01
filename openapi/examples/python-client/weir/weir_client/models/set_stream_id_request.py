from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="SetStreamIdRequest")



@_attrs_define
class SetStreamIdRequest:
    """ The new last id and counters of the stream.

        Attributes:
            last_id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be
                omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response always
                contains it. Example: 1767225600000-0.
            entries_added (int | Unset): The new number of entries ever appended.
            max_deleted_id (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request,
                `-<seq>` may be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A
                response always contains it. Example: 1767225600000-0.
     """

    last_id: str
    entries_added: int | Unset = UNSET
    max_deleted_id: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        last_id = self.last_id

        entries_added = self.entries_added

        max_deleted_id = self.max_deleted_id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "lastId": last_id,
        })
        if entries_added is not UNSET:
            field_dict["entriesAdded"] = entries_added
        if max_deleted_id is not UNSET:
            field_dict["maxDeletedId"] = max_deleted_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        last_id = d.pop("lastId")

        entries_added = d.pop("entriesAdded", UNSET)

        max_deleted_id = d.pop("maxDeletedId", UNSET)

        set_stream_id_request = cls(
            last_id=last_id,
            entries_added=entries_added,
            max_deleted_id=max_deleted_id,
        )

        return set_stream_id_request

