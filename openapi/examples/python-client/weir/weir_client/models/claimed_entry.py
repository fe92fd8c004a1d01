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





T = TypeVar("T", bound="ClaimedEntry")



@_attrs_define
class ClaimedEntry:
    """ A claimed entry. With `justIds`, it has no `fields`.

        Attributes:
            id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be omitted,
                which means 0, and at the upper end of a range the highest possible sequence number. A response always contains
                it. Example: 1767225600000-0.
            deliveries (int): Number of times it was delivered, including this time.
            fields (Fields | Unset): The content of an entry: names and values, all strings. Example: {'order': '1001',
                'total': '49.90'}.
            base64 (list[str] | Unset): The names of fields whose values are base64, because a native Redis client wrote
                bytes that are not valid UTF-8. Omitted if there are none.
            base_64_names (list[str] | Unset): The field names that are base64 themselves, for the same reason.
     """

    id: str
    deliveries: int
    fields: Fields | Unset = UNSET
    base64: list[str] | Unset = UNSET
    base_64_names: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.fields import Fields # noqa: PLC0415
        id = self.id

        deliveries = self.deliveries

        fields: dict[str, Any] | Unset = UNSET
        if not isinstance(self.fields, Unset):
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
            "deliveries": deliveries,
        })
        if fields is not UNSET:
            field_dict["fields"] = fields
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

        deliveries = d.pop("deliveries")

        _fields = d.pop("fields", UNSET)
        fields: Fields | Unset
        if isinstance(_fields,  Unset):
            fields = UNSET
        else:
            fields = Fields.from_dict(_fields)




        base64 = cast(list[str], d.pop("base64", UNSET))


        base_64_names = cast(list[str], d.pop("base64Names", UNSET))


        claimed_entry = cls(
            id=id,
            deliveries=deliveries,
            fields=fields,
            base64=base64,
            base_64_names=base_64_names,
        )


        claimed_entry.additional_properties = d
        return claimed_entry

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
