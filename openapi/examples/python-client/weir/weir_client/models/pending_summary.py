from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.consumer_pending_count import ConsumerPendingCount





T = TypeVar("T", bound="PendingSummary")



@_attrs_define
class PendingSummary:
    """ A summary of the pending entries of a group.

        Attributes:
            count (int): Number of pending entries.
            first_id (None | str): The lowest pending id. Null if nothing is pending.
            last_id (None | str): The highest pending id. Null if nothing is pending.
            consumers (list[ConsumerPendingCount]): Consumers that have pending entries.
            cursor (str | Unset): Where the next page starts. Omitted on the last page.
     """

    count: int
    first_id: None | str
    last_id: None | str
    consumers: list[ConsumerPendingCount]
    cursor: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.consumer_pending_count import ConsumerPendingCount # noqa: PLC0415
        count = self.count

        first_id: None | str
        first_id = self.first_id

        last_id: None | str
        last_id = self.last_id

        consumers = []
        for consumers_item_data in self.consumers:
            consumers_item = consumers_item_data.to_dict()
            consumers.append(consumers_item)



        cursor = self.cursor


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "count": count,
            "firstId": first_id,
            "lastId": last_id,
            "consumers": consumers,
        })
        if cursor is not UNSET:
            field_dict["cursor"] = cursor

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.consumer_pending_count import ConsumerPendingCount # noqa: PLC0415
        d = dict(src_dict)
        count = d.pop("count")

        def _parse_first_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        first_id = _parse_first_id(d.pop("firstId"))


        def _parse_last_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        last_id = _parse_last_id(d.pop("lastId"))


        consumers = []
        _consumers = d.pop("consumers")
        for consumers_item_data in (_consumers):
            consumers_item = ConsumerPendingCount.from_dict(consumers_item_data)



            consumers.append(consumers_item)


        cursor = d.pop("cursor", UNSET)

        pending_summary = cls(
            count=count,
            first_id=first_id,
            last_id=last_id,
            consumers=consumers,
            cursor=cursor,
        )


        pending_summary.additional_properties = d
        return pending_summary

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
