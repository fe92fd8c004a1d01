from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="PendingEntry")



@_attrs_define
class PendingEntry:
    """ An entry that was delivered but not yet acked.

        Attributes:
            id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may be omitted,
                which means 0, and at the upper end of a range the highest possible sequence number. A response always contains
                it. Example: 1767225600000-0.
            consumer (None | str): The consumer that it is pending for. Null if it was nacked.
            idle_ms (int): Time since it was last delivered or extended, in milliseconds. For a nacked entry, time since it
                fell due.
            deliveries (int): Number of times it was delivered.
            state (str): `leased`: its consumer is processing it. `due`: the next reader of the group gets it, but until
                then its consumer may still ack it. `delayed`: it was nacked and waits to be due.
            due_in_ms (int | Unset): Time until it is due, in milliseconds. Omitted if it is due, or never falls due by
                itself.
     """

    id: str
    consumer: None | str
    idle_ms: int
    deliveries: int
    state: str
    due_in_ms: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = self.id

        consumer: None | str
        consumer = self.consumer

        idle_ms = self.idle_ms

        deliveries = self.deliveries

        state = self.state

        due_in_ms = self.due_in_ms


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "consumer": consumer,
            "idleMs": idle_ms,
            "deliveries": deliveries,
            "state": state,
        })
        if due_in_ms is not UNSET:
            field_dict["dueInMs"] = due_in_ms

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        def _parse_consumer(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        consumer = _parse_consumer(d.pop("consumer"))


        idle_ms = d.pop("idleMs")

        deliveries = d.pop("deliveries")

        state = d.pop("state")

        due_in_ms = d.pop("dueInMs", UNSET)

        pending_entry = cls(
            id=id,
            consumer=consumer,
            idle_ms=idle_ms,
            deliveries=deliveries,
            state=state,
            due_in_ms=due_in_ms,
        )


        pending_entry.additional_properties = d
        return pending_entry

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
