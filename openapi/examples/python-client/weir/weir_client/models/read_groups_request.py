from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.group_read_place import GroupReadPlace





T = TypeVar("T", bound="ReadGroupsRequest")



@_attrs_define
class ReadGroupsRequest:
    """ Which consumer reads, from which streams, and how much.

        Attributes:
            streams (list[GroupReadPlace]): The streams to read.
            consumer (str): The consumer that reads, created if it does not exist. 1 to 256 characters without control
                characters. Example: ann.
            count (int | Unset): Maximum number of entries per stream. Default: 10.
            wait_ms (int | Unset): How long to wait if there are no entries, in milliseconds. With 0, the request does not
                wait. Set the time-out of the client for this request to `waitMs` + 5 seconds. Default: 0.
            no_ack (bool | Unset): Deliver entries without making them pending. They need no ack. Default: False.
            claim_idle_ms (int | Unset): Before new entries, claim pending entries of any consumer that have been idle for
                at least this long, in milliseconds. Not allowed in groups with `ackTimeoutMs`, where entries come back by
                themselves.
            max_deliveries (int | Unset): Do not claim entries that were delivered this often or more. Only with
                `claimIdleMs`.
     """

    streams: list[GroupReadPlace]
    consumer: str
    count: int | Unset = 10
    wait_ms: int | Unset = 0
    no_ack: bool | Unset = False
    claim_idle_ms: int | Unset = UNSET
    max_deliveries: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.group_read_place import GroupReadPlace # noqa: PLC0415
        streams = []
        for streams_item_data in self.streams:
            streams_item = streams_item_data.to_dict()
            streams.append(streams_item)



        consumer = self.consumer

        count = self.count

        wait_ms = self.wait_ms

        no_ack = self.no_ack

        claim_idle_ms = self.claim_idle_ms

        max_deliveries = self.max_deliveries


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "streams": streams,
            "consumer": consumer,
        })
        if count is not UNSET:
            field_dict["count"] = count
        if wait_ms is not UNSET:
            field_dict["waitMs"] = wait_ms
        if no_ack is not UNSET:
            field_dict["noAck"] = no_ack
        if claim_idle_ms is not UNSET:
            field_dict["claimIdleMs"] = claim_idle_ms
        if max_deliveries is not UNSET:
            field_dict["maxDeliveries"] = max_deliveries

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.group_read_place import GroupReadPlace # noqa: PLC0415
        d = dict(src_dict)
        streams = []
        _streams = d.pop("streams")
        for streams_item_data in (_streams):
            streams_item = GroupReadPlace.from_dict(streams_item_data)



            streams.append(streams_item)


        consumer = d.pop("consumer")

        count = d.pop("count", UNSET)

        wait_ms = d.pop("waitMs", UNSET)

        no_ack = d.pop("noAck", UNSET)

        claim_idle_ms = d.pop("claimIdleMs", UNSET)

        max_deliveries = d.pop("maxDeliveries", UNSET)

        read_groups_request = cls(
            streams=streams,
            consumer=consumer,
            count=count,
            wait_ms=wait_ms,
            no_ack=no_ack,
            claim_idle_ms=claim_idle_ms,
            max_deliveries=max_deliveries,
        )

        return read_groups_request

