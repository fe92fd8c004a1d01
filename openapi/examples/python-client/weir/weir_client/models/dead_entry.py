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





T = TypeVar("T", bound="DeadEntry")



@_attrs_define
class DeadEntry:
    """ An entry that is not delivered any more.

        Attributes:
            id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be omitted,
                which means 0, and at the upper end of a range the highest possible sequence number. A response always contains
                it. Example: 1767225600000-0.
            fields (Fields | None): The content of the entry. Null if the entry was deleted or trimmed since.
            deliveries (int): Number of times it was delivered.
            consumer (None | str): The consumer that received it last. Null if it was pending for none.
            dead_at (int): When it died, in milliseconds since the epoch.
            reason (str | Unset): Why it is dead: the `reason` of a nack, or a sentence of the server. Omitted if there is
                none.
            base64 (list[str] | Unset): The names of fields whose values are base64, because a native Redis client wrote
                bytes that are not valid UTF-8. Omitted if there are none.
            base_64_names (list[str] | Unset): The field names that are base64 themselves, for the same reason.
     """

    id: str
    fields: Fields | None
    deliveries: int
    consumer: None | str
    dead_at: int
    reason: str | Unset = UNSET
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

        consumer: None | str
        consumer = self.consumer

        dead_at = self.dead_at

        reason = self.reason

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
            "consumer": consumer,
            "deadAt": dead_at,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason
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

        def _parse_consumer(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        consumer = _parse_consumer(d.pop("consumer"))


        dead_at = d.pop("deadAt")

        reason = d.pop("reason", UNSET)

        base64 = cast(list[str], d.pop("base64", UNSET))


        base_64_names = cast(list[str], d.pop("base64Names", UNSET))


        dead_entry = cls(
            id=id,
            fields=fields,
            deliveries=deliveries,
            consumer=consumer,
            dead_at=dead_at,
            reason=reason,
            base64=base64,
            base_64_names=base_64_names,
        )


        dead_entry.additional_properties = d
        return dead_entry

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
