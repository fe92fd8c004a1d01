from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.pending_of_consumer import PendingOfConsumer





T = TypeVar("T", bound="ConsumerDescription")



@_attrs_define
class ConsumerDescription:
    """ Everything about a consumer.

        Attributes:
            name (str): The name of the consumer.
            pending (int): Number of its pending entries.
            seen_at (int): When it last tried to read or claim, in milliseconds since the epoch.
            active_at (int | None): When it last received an entry, in milliseconds since the epoch. Null if it never has.
            pending_entries (list[PendingOfConsumer]): Its pending entries, up to `limit`.
     """

    name: str
    pending: int
    seen_at: int
    active_at: int | None
    pending_entries: list[PendingOfConsumer]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.pending_of_consumer import PendingOfConsumer # noqa: PLC0415
        name = self.name

        pending = self.pending

        seen_at = self.seen_at

        active_at: int | None
        active_at = self.active_at

        pending_entries = []
        for pending_entries_item_data in self.pending_entries:
            pending_entries_item = pending_entries_item_data.to_dict()
            pending_entries.append(pending_entries_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "pending": pending,
            "seenAt": seen_at,
            "activeAt": active_at,
            "pendingEntries": pending_entries,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pending_of_consumer import PendingOfConsumer # noqa: PLC0415
        d = dict(src_dict)
        name = d.pop("name")

        pending = d.pop("pending")

        seen_at = d.pop("seenAt")

        def _parse_active_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        active_at = _parse_active_at(d.pop("activeAt"))


        pending_entries = []
        _pending_entries = d.pop("pendingEntries")
        for pending_entries_item_data in (_pending_entries):
            pending_entries_item = PendingOfConsumer.from_dict(pending_entries_item_data)



            pending_entries.append(pending_entries_item)


        consumer_description = cls(
            name=name,
            pending=pending,
            seen_at=seen_at,
            active_at=active_at,
            pending_entries=pending_entries,
        )


        consumer_description.additional_properties = d
        return consumer_description

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
