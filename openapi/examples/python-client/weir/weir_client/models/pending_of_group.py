from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="PendingOfGroup")



@_attrs_define
class PendingOfGroup:
    """ A pending entry in the description of a group.

        Attributes:
            id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be omitted,
                which means 0, and at the upper end of a range the highest possible sequence number. A response always contains
                it. Example: 1767225600000-0.
            delivered_at (int): When it was last delivered, in milliseconds since the epoch.
            deliveries (int): Number of times it was delivered.
            consumer (None | str): The consumer that it is pending for. Null if it was nacked.
     """

    id: str
    delivered_at: int
    deliveries: int
    consumer: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = self.id

        delivered_at = self.delivered_at

        deliveries = self.deliveries

        consumer: None | str
        consumer = self.consumer


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "deliveredAt": delivered_at,
            "deliveries": deliveries,
            "consumer": consumer,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        delivered_at = d.pop("deliveredAt")

        deliveries = d.pop("deliveries")

        def _parse_consumer(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        consumer = _parse_consumer(d.pop("consumer"))


        pending_of_group = cls(
            id=id,
            delivered_at=delivered_at,
            deliveries=deliveries,
            consumer=consumer,
        )


        pending_of_group.additional_properties = d
        return pending_of_group

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
