from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.new_entry_fields import NewEntryFields





T = TypeVar("T", bound="NewEntry")



@_attrs_define
class NewEntry:
    """ An entry to append.

        Attributes:
            fields (NewEntryFields): The content of the entry: names and values, all strings. At most 1000 fields per entry
                and 100000 per request. Example: {'order': '1001', 'total': '49.90'}.
            id (str | Unset): The id of the entry, greater than the last one. If omitted, the entry gets the next id.
                `<ms>-*` means the next id in that millisecond, and `<ms>` means `<ms>-0`. Example: 1767225600000-0.
     """

    fields: NewEntryFields
    id: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.new_entry_fields import NewEntryFields # noqa: PLC0415
        fields = self.fields.to_dict()

        id = self.id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "fields": fields,
        })
        if id is not UNSET:
            field_dict["id"] = id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.new_entry_fields import NewEntryFields # noqa: PLC0415
        d = dict(src_dict)
        fields = NewEntryFields.from_dict(d.pop("fields"))




        id = d.pop("id", UNSET)

        new_entry = cls(
            fields=fields,
            id=id,
        )

        return new_entry

