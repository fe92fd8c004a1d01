from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.new_entry import NewEntry
  from ..models.trim import Trim





T = TypeVar("T", bound="AppendEntriesRequest")



@_attrs_define
class AppendEntriesRequest:
    """ Entries to append: all of them or none.

        Attributes:
            entries (list[NewEntry]): The entries, in the order in which to append them.
            create_stream (bool | Unset): Create the stream if it does not exist. Default: True.
            trim (Trim | Unset): What to keep of a stream: set `maxLength` or `minId`.
     """

    entries: list[NewEntry]
    create_stream: bool | Unset = True
    trim: Trim | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.new_entry import NewEntry # noqa: PLC0415
        from ..models.trim import Trim # noqa: PLC0415
        entries = []
        for entries_item_data in self.entries:
            entries_item = entries_item_data.to_dict()
            entries.append(entries_item)



        create_stream = self.create_stream

        trim: dict[str, Any] | Unset = UNSET
        if not isinstance(self.trim, Unset):
            trim = self.trim.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "entries": entries,
        })
        if create_stream is not UNSET:
            field_dict["createStream"] = create_stream
        if trim is not UNSET:
            field_dict["trim"] = trim

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.new_entry import NewEntry # noqa: PLC0415
        from ..models.trim import Trim # noqa: PLC0415
        d = dict(src_dict)
        entries = []
        _entries = d.pop("entries")
        for entries_item_data in (_entries):
            entries_item = NewEntry.from_dict(entries_item_data)



            entries.append(entries_item)


        create_stream = d.pop("createStream", UNSET)

        _trim = d.pop("trim", UNSET)
        trim: Trim | Unset
        if isinstance(_trim,  Unset):
            trim = UNSET
        else:
            trim = Trim.from_dict(_trim)




        append_entries_request = cls(
            entries=entries,
            create_stream=create_stream,
            trim=trim,
        )

        return append_entries_request

