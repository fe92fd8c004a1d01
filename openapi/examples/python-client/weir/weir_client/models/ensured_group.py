from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.current_delivery_policy import CurrentDeliveryPolicy





T = TypeVar("T", bound="EnsuredGroup")



@_attrs_define
class EnsuredGroup:
    """ A group, and whether the request created it.

        Attributes:
            created (bool): False if it already existed.
            name (str): The name of the group.
            pending (int): Number of its pending entries, without dead ones.
            last_delivered_id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>`
                may be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response
                always contains it. Example: 1767225600000-0.
            entries_read (int | None): Number of entries of the stream that it has read. Null if this is not known.
            lag (int | None): Number of entries still to be delivered. Null if this is not known.
            consumers (int): Number of consumers.
            delayed (int): Number of its pending entries that were nacked and wait to be due.
            dead (int): Number of its dead entries, without those in a dead-letter stream.
            delivery (CurrentDeliveryPolicy | None):
            oldest_pending_ms (int | None): Idle time of the oldest pending entry that still exists, in milliseconds. Null
                if there is none, and on Redis if more than 1000 entries are pending.
     """

    created: bool
    name: str
    pending: int
    last_delivered_id: str
    entries_read: int | None
    lag: int | None
    consumers: int
    delayed: int
    dead: int
    delivery: CurrentDeliveryPolicy | None
    oldest_pending_ms: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.current_delivery_policy import CurrentDeliveryPolicy # noqa: PLC0415
        created = self.created

        name = self.name

        pending = self.pending

        last_delivered_id = self.last_delivered_id

        entries_read: int | None
        entries_read = self.entries_read

        lag: int | None
        lag = self.lag

        consumers = self.consumers

        delayed = self.delayed

        dead = self.dead

        delivery: dict[str, Any] | None
        if isinstance(self.delivery, CurrentDeliveryPolicy):
            delivery = self.delivery.to_dict()
        else:
            delivery = self.delivery

        oldest_pending_ms: int | None
        oldest_pending_ms = self.oldest_pending_ms


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "created": created,
            "name": name,
            "pending": pending,
            "lastDeliveredId": last_delivered_id,
            "entriesRead": entries_read,
            "lag": lag,
            "consumers": consumers,
            "delayed": delayed,
            "dead": dead,
            "delivery": delivery,
            "oldestPendingMs": oldest_pending_ms,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.current_delivery_policy import CurrentDeliveryPolicy # noqa: PLC0415
        d = dict(src_dict)
        created = d.pop("created")

        name = d.pop("name")

        pending = d.pop("pending")

        last_delivered_id = d.pop("lastDeliveredId")

        def _parse_entries_read(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        entries_read = _parse_entries_read(d.pop("entriesRead"))


        def _parse_lag(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        lag = _parse_lag(d.pop("lag"))


        consumers = d.pop("consumers")

        delayed = d.pop("delayed")

        dead = d.pop("dead")

        def _parse_delivery(data: object) -> CurrentDeliveryPolicy | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                delivery_type_1 = CurrentDeliveryPolicy.from_dict(data)



                return delivery_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CurrentDeliveryPolicy | None, data)

        delivery = _parse_delivery(d.pop("delivery"))


        def _parse_oldest_pending_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        oldest_pending_ms = _parse_oldest_pending_ms(d.pop("oldestPendingMs"))


        ensured_group = cls(
            created=created,
            name=name,
            pending=pending,
            last_delivered_id=last_delivered_id,
            entries_read=entries_read,
            lag=lag,
            consumers=consumers,
            delayed=delayed,
            dead=dead,
            delivery=delivery,
            oldest_pending_ms=oldest_pending_ms,
        )


        ensured_group.additional_properties = d
        return ensured_group

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
