from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.group_description import GroupDescription
  from ..models.stream_entry import StreamEntry





T = TypeVar("T", bound="StreamDescription")



@_attrs_define
class StreamDescription:
    """ Everything about a stream.

        Attributes:
            name (str): The name of the stream.
            length (int): Number of entries.
            size_bytes (int): Total size of its entries in bytes: their fields as JSON text. On Redis, an estimate for the
                whole stream from `MEMORY USAGE`.
            first_id (None | str): The id of the first entry. Null if the stream is empty.
            last_id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be
                omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response always
                contains it. Example: 1767225600000-0.
            max_deleted_id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may
                be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response
                always contains it. Example: 1767225600000-0.
            entries_added (int): Number of entries ever appended.
            first_entry (None | StreamEntry): The first entry. Null if the stream is empty or the entry is damaged.
            last_entry (None | StreamEntry): The last entry. Null if the stream is empty or the entry is damaged.
            entries (list[StreamEntry]): Its first entries, up to `limit`.
            groups (list[GroupDescription]): Its groups, up to `limit`.
            truncated (bool): Whether something within `limit` was left out because the response is full.
     """

    name: str
    length: int
    size_bytes: int
    first_id: None | str
    last_id: str
    max_deleted_id: str
    entries_added: int
    first_entry: None | StreamEntry
    last_entry: None | StreamEntry
    entries: list[StreamEntry]
    groups: list[GroupDescription]
    truncated: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.group_description import GroupDescription # noqa: PLC0415
        from ..models.stream_entry import StreamEntry # noqa: PLC0415
        name = self.name

        length = self.length

        size_bytes = self.size_bytes

        first_id: None | str
        first_id = self.first_id

        last_id = self.last_id

        max_deleted_id = self.max_deleted_id

        entries_added = self.entries_added

        first_entry: dict[str, Any] | None
        if isinstance(self.first_entry, StreamEntry):
            first_entry = self.first_entry.to_dict()
        else:
            first_entry = self.first_entry

        last_entry: dict[str, Any] | None
        if isinstance(self.last_entry, StreamEntry):
            last_entry = self.last_entry.to_dict()
        else:
            last_entry = self.last_entry

        entries = []
        for entries_item_data in self.entries:
            entries_item = entries_item_data.to_dict()
            entries.append(entries_item)



        groups = []
        for groups_item_data in self.groups:
            groups_item = groups_item_data.to_dict()
            groups.append(groups_item)



        truncated = self.truncated


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "length": length,
            "sizeBytes": size_bytes,
            "firstId": first_id,
            "lastId": last_id,
            "maxDeletedId": max_deleted_id,
            "entriesAdded": entries_added,
            "firstEntry": first_entry,
            "lastEntry": last_entry,
            "entries": entries,
            "groups": groups,
            "truncated": truncated,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.group_description import GroupDescription # noqa: PLC0415
        from ..models.stream_entry import StreamEntry # noqa: PLC0415
        d = dict(src_dict)
        name = d.pop("name")

        length = d.pop("length")

        size_bytes = d.pop("sizeBytes")

        def _parse_first_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        first_id = _parse_first_id(d.pop("firstId"))


        last_id = d.pop("lastId")

        max_deleted_id = d.pop("maxDeletedId")

        entries_added = d.pop("entriesAdded")

        def _parse_first_entry(data: object) -> None | StreamEntry:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                first_entry_type_1 = StreamEntry.from_dict(data)



                return first_entry_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StreamEntry, data)

        first_entry = _parse_first_entry(d.pop("firstEntry"))


        def _parse_last_entry(data: object) -> None | StreamEntry:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_entry_type_1 = StreamEntry.from_dict(data)



                return last_entry_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StreamEntry, data)

        last_entry = _parse_last_entry(d.pop("lastEntry"))


        entries = []
        _entries = d.pop("entries")
        for entries_item_data in (_entries):
            entries_item = StreamEntry.from_dict(entries_item_data)



            entries.append(entries_item)


        groups = []
        _groups = d.pop("groups")
        for groups_item_data in (_groups):
            groups_item = GroupDescription.from_dict(groups_item_data)



            groups.append(groups_item)


        truncated = d.pop("truncated")

        stream_description = cls(
            name=name,
            length=length,
            size_bytes=size_bytes,
            first_id=first_id,
            last_id=last_id,
            max_deleted_id=max_deleted_id,
            entries_added=entries_added,
            first_entry=first_entry,
            last_entry=last_entry,
            entries=entries,
            groups=groups,
            truncated=truncated,
        )


        stream_description.additional_properties = d
        return stream_description

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
