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





T = TypeVar("T", bound="DeliveredEntry")



@_attrs_define
class DeliveredEntry:
    """ An entry delivered to a consumer.

        Attributes:
            id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be omitted,
                which means 0, and at the upper end of a range the highest possible sequence number. A response always contains
                it. Example: 1767225600000-0.
            fields (Fields | None): The content of the entry. Null if the entry was deleted while it was pending.
            deliveries (int): Number of times it was delivered, including this time.
            idle_ms (int | Unset): How long the entry had been idle before, in milliseconds. Only for entries that were
                claimed or fell due.
            ack_before_ms (int | Unset): How long the consumer has to ack, nack or extend the entry, in milliseconds. Only
                in groups with `ackTimeoutMs`.
            base64 (list[str] | Unset): The names of fields whose values are base64, because a native Redis client wrote
                bytes that are not valid UTF-8. Omitted if there are none.
            base_64_names (list[str] | Unset): The field names that are base64 themselves, for the same reason.
     """

    id: str
    fields: Fields | None
    deliveries: int
    idle_ms: int | Unset = UNSET
    ack_before_ms: int | Unset = UNSET
    base64: list[str] | Unset = UNSET
    base_64_names: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.fields import Fields # noqa: PLC0415
        id = self.id

        fields: dict[str, Any] | None
        if isinstance(self.fields, Fields):
            fields = self.fields.to_dict()
        else:
            fields = self.fields

        deliveries = self.deliveries

        idle_ms = self.idle_ms

        ack_before_ms = self.ack_before_ms

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
            "deliveries": deliveries,
        })
        if idle_ms is not UNSET:
            field_dict["idleMs"] = idle_ms
        if ack_before_ms is not UNSET:
            field_dict["ackBeforeMs"] = ack_before_ms
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

        def _parse_fields(data: object) -> Fields | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                fields_type_1 = Fields.from_dict(data)



                return fields_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Fields | None, data)

        fields = _parse_fields(d.pop("fields"))


        deliveries = d.pop("deliveries")

        idle_ms = d.pop("idleMs", UNSET)

        ack_before_ms = d.pop("ackBeforeMs", UNSET)

        base64 = cast(list[str], d.pop("base64", UNSET))


        base_64_names = cast(list[str], d.pop("base64Names", UNSET))


        delivered_entry = cls(
            id=id,
            fields=fields,
            deliveries=deliveries,
            idle_ms=idle_ms,
            ack_before_ms=ack_before_ms,
            base64=base64,
            base_64_names=base_64_names,
        )


        delivered_entry.additional_properties = d
        return delivered_entry

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
