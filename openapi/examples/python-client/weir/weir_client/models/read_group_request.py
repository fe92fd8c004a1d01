from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.nack import Nack





T = TypeVar("T", bound="ReadGroupRequest")



@_attrs_define
class ReadGroupRequest:
    """ Which consumer reads, and how much.

        Attributes:
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
            after (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may
                be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response
                always contains it. Example: 1767225600000-0.
            ack (list[str] | Unset): Ack these entries before reading, if they are pending for the consumer. The list may be
                empty.
            nack (list[Nack] | Unset): Nack these entries before reading, if they are pending for the consumer. The list may
                be empty. A request acks and nacks at most 1000 entries.
     """

    consumer: str
    count: int | Unset = 10
    wait_ms: int | Unset = 0
    no_ack: bool | Unset = False
    claim_idle_ms: int | Unset = UNSET
    max_deliveries: int | Unset = UNSET
    after: str | Unset = UNSET
    ack: list[str] | Unset = UNSET
    nack: list[Nack] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.nack import Nack # noqa: PLC0415
        consumer = self.consumer

        count = self.count

        wait_ms = self.wait_ms

        no_ack = self.no_ack

        claim_idle_ms = self.claim_idle_ms

        max_deliveries = self.max_deliveries

        after = self.after

        ack: list[str] | Unset = UNSET
        if not isinstance(self.ack, Unset):
            ack = self.ack



        nack: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.nack, Unset):
            nack = []
            for nack_item_data in self.nack:
                nack_item = nack_item_data.to_dict()
                nack.append(nack_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
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
        if after is not UNSET:
            field_dict["after"] = after
        if ack is not UNSET:
            field_dict["ack"] = ack
        if nack is not UNSET:
            field_dict["nack"] = nack

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.nack import Nack # noqa: PLC0415
        d = dict(src_dict)
        consumer = d.pop("consumer")

        count = d.pop("count", UNSET)

        wait_ms = d.pop("waitMs", UNSET)

        no_ack = d.pop("noAck", UNSET)

        claim_idle_ms = d.pop("claimIdleMs", UNSET)

        max_deliveries = d.pop("maxDeliveries", UNSET)

        after = d.pop("after", UNSET)

        ack = cast(list[str], d.pop("ack", UNSET))


        _nack = d.pop("nack", UNSET)
        nack: list[Nack] | Unset = UNSET
        if _nack is not UNSET:
            nack = []
            for nack_item_data in _nack:
                nack_item = Nack.from_dict(nack_item_data)



                nack.append(nack_item)


        read_group_request = cls(
            consumer=consumer,
            count=count,
            wait_ms=wait_ms,
            no_ack=no_ack,
            claim_idle_ms=claim_idle_ms,
            max_deliveries=max_deliveries,
            after=after,
            ack=ack,
            nack=nack,
        )

        return read_group_request

