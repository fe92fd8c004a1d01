from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="StreamSummary")



@_attrs_define
class StreamSummary:
    """ A stream in a list of streams.

        Attributes:
            name (str): The name of the stream.
            length (int): Number of entries.
            size_bytes (int): Total size of its entries in bytes: their fields as JSON text. On Redis, an estimate for the
                whole stream from `MEMORY USAGE`.
            last_id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be
                omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response always
                contains it. Example: 1767225600000-0.
            entries_added (int): Number of entries ever appended.
            groups (int): Number of groups.
     """

    name: str
    length: int
    size_bytes: int
    last_id: str
    entries_added: int
    groups: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        length = self.length

        size_bytes = self.size_bytes

        last_id = self.last_id

        entries_added = self.entries_added

        groups = self.groups


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "length": length,
            "sizeBytes": size_bytes,
            "lastId": last_id,
            "entriesAdded": entries_added,
            "groups": groups,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        length = d.pop("length")

        size_bytes = d.pop("sizeBytes")

        last_id = d.pop("lastId")

        entries_added = d.pop("entriesAdded")

        groups = d.pop("groups")

        stream_summary = cls(
            name=name,
            length=length,
            size_bytes=size_bytes,
            last_id=last_id,
            entries_added=entries_added,
            groups=groups,
        )


        stream_summary.additional_properties = d
        return stream_summary

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
