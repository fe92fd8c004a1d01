from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.consumer_description import ConsumerDescription
  from ..models.pending_of_group import PendingOfGroup





T = TypeVar("T", bound="GroupDescription")



@_attrs_define
class GroupDescription:
    """ Everything about a group.

        Attributes:
            name (str): The name of the group.
            pending (int): Number of its pending entries, without dead ones.
            last_delivered_id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>`
                may be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response
                always contains it. Example: 1767225600000-0.
            entries_read (int | None): Number of entries of the stream that it has read. Null if this is not known.
            lag (int | None): Number of entries still to be delivered. Null if this is not known.
            pending_entries (list[PendingOfGroup]): Its pending entries, up to `limit`.
            consumers (list[ConsumerDescription]): Its consumers, up to `limit`.
     """

    name: str
    pending: int
    last_delivered_id: str
    entries_read: int | None
    lag: int | None
    pending_entries: list[PendingOfGroup]
    consumers: list[ConsumerDescription]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.consumer_description import ConsumerDescription # noqa: PLC0415
        from ..models.pending_of_group import PendingOfGroup # noqa: PLC0415
        name = self.name

        pending = self.pending

        last_delivered_id = self.last_delivered_id

        entries_read: int | None
        entries_read = self.entries_read

        lag: int | None
        lag = self.lag

        pending_entries = []
        for pending_entries_item_data in self.pending_entries:
            pending_entries_item = pending_entries_item_data.to_dict()
            pending_entries.append(pending_entries_item)



        consumers = []
        for consumers_item_data in self.consumers:
            consumers_item = consumers_item_data.to_dict()
            consumers.append(consumers_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "pending": pending,
            "lastDeliveredId": last_delivered_id,
            "entriesRead": entries_read,
            "lag": lag,
            "pendingEntries": pending_entries,
            "consumers": consumers,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.consumer_description import ConsumerDescription # noqa: PLC0415
        from ..models.pending_of_group import PendingOfGroup # noqa: PLC0415
        d = dict(src_dict)
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


        pending_entries = []
        _pending_entries = d.pop("pendingEntries")
        for pending_entries_item_data in (_pending_entries):
            pending_entries_item = PendingOfGroup.from_dict(pending_entries_item_data)



            pending_entries.append(pending_entries_item)


        consumers = []
        _consumers = d.pop("consumers")
        for consumers_item_data in (_consumers):
            consumers_item = ConsumerDescription.from_dict(consumers_item_data)



            consumers.append(consumers_item)


        group_description = cls(
            name=name,
            pending=pending,
            last_delivered_id=last_delivered_id,
            entries_read=entries_read,
            lag=lag,
            pending_entries=pending_entries,
            consumers=consumers,
        )


        group_description.additional_properties = d
        return group_description

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
