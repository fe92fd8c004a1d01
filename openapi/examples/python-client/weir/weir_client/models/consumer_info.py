from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="ConsumerInfo")



@_attrs_define
class ConsumerInfo:
    """ A consumer of a group.

        Attributes:
            name (str): The name of the consumer.
            pending (int): Number of its pending entries.
            idle_ms (int): Time since it last tried to read or claim, in milliseconds.
            inactive_ms (int | None): Time since it last received an entry, in milliseconds. Null if it never has.
     """

    name: str
    pending: int
    idle_ms: int
    inactive_ms: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        pending = self.pending

        idle_ms = self.idle_ms

        inactive_ms: int | None
        inactive_ms = self.inactive_ms


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "pending": pending,
            "idleMs": idle_ms,
            "inactiveMs": inactive_ms,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        pending = d.pop("pending")

        idle_ms = d.pop("idleMs")

        def _parse_inactive_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        inactive_ms = _parse_inactive_ms(d.pop("inactiveMs"))


        consumer_info = cls(
            name=name,
            pending=pending,
            idle_ms=idle_ms,
            inactive_ms=inactive_ms,
        )


        consumer_info.additional_properties = d
        return consumer_info

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
