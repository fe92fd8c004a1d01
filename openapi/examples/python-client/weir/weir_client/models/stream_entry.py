from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.fields import Fields





T = TypeVar("T", bound="StreamEntry")



@_attrs_define
class StreamEntry:
    """ An entry of a stream.

        Attributes:
            id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be omitted,
                which means 0, and at the upper end of a range the highest possible sequence number. A response always contains
                it. Example: 1767225600000-0.
            fields (Fields): The content of an entry: names and values, all strings. Example: {'order': '1001', 'total':
                '49.90'}.
            base64 (list[str] | Unset): The names of fields whose values are base64, because a native Redis client wrote
                bytes that are not valid UTF-8. Omitted if there are none.
            base_64_names (list[str] | Unset): The field names that are base64 themselves, for the same reason.
     """

    id: str
    fields: Fields
    base64: list[str] | Unset = UNSET
    base_64_names: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.fields import Fields # noqa: PLC0415
        id = self.id

        fields = self.fields.to_dict()

        base64: list[str] | Unset = UNSET
        if not isinstance(self.base64, Unset):
            base64 = self.base64



        base_64_names: list[str] | Unset = UNSET
        if not isinstance(self.base_64_names, Unset):
            base_64_names = self.base_64_names




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "fields": fields,
        })
        if base64 is not UNSET:
            field_dict["base64"] = base64
        if base_64_names is not UNSET:
            field_dict["base64Names"] = base_64_names

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fields import Fields # noqa: PLC0415
        d = dict(src_dict)
        id = d.pop("id")

        fields = Fields.from_dict(d.pop("fields"))




        base64 = cast(list[str], d.pop("base64", UNSET))


        base_64_names = cast(list[str], d.pop("base64Names", UNSET))


        stream_entry = cls(
            id=id,
            fields=fields,
            base64=base64,
            base_64_names=base_64_names,
        )


        stream_entry.additional_properties = d
        return stream_entry

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
