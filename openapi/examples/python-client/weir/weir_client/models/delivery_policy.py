from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="DeliveryPolicy")



@_attrs_define
class DeliveryPolicy:
    """ How the group treats entries that are not acked. All members are optional.

        Attributes:
            ack_timeout_ms (int | Unset): How long a consumer has to ack, nack or extend an entry, in milliseconds. After
                that, the entry is due: the next reader of the group gets it. If omitted, pending entries do not fall due by
                themselves.
            max_deliveries (int | Unset): After this number of failed deliveries an entry is dead, and is not delivered any
                more. If omitted, there is no limit.
            retry_delays_ms (list[int] | Unset): How long to wait after the first, second and each further failure that a
                nack reports, before the entry is delivered again, in milliseconds. The last delay repeats. Each delay is varied
                at random by up to 10 %. If omitted, there is no delay.
            dead_letter_stream (str | Unset): The stream to which dead entries are moved. It is created if it does not
                exist. If omitted, dead entries stay in the group. Requires the scope `append` on that stream. 1 to 256
                characters without control characters. Example: orders.dead.
            dead_letter_max_length (int | Unset): How many entries the dead-letter stream keeps when an entry is moved
                there. Requires `deadLetterStream`.
            consumer_ttl_ms (int | Unset): Consumers without pending entries that were not seen for this long are deleted,
                in milliseconds. If omitted, consumers are kept.
            max_pending (int | Unset): While the consumers of the group hold this many entries, no consumer gets new ones.
                If omitted, there is no limit.
            max_pending_per_consumer (int | Unset): A consumer that holds this many entries gets no new ones. If omitted,
                there is no limit.
     """

    ack_timeout_ms: int | Unset = UNSET
    max_deliveries: int | Unset = UNSET
    retry_delays_ms: list[int] | Unset = UNSET
    dead_letter_stream: str | Unset = UNSET
    dead_letter_max_length: int | Unset = UNSET
    consumer_ttl_ms: int | Unset = UNSET
    max_pending: int | Unset = UNSET
    max_pending_per_consumer: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        ack_timeout_ms = self.ack_timeout_ms

        max_deliveries = self.max_deliveries

        retry_delays_ms: list[int] | Unset = UNSET
        if not isinstance(self.retry_delays_ms, Unset):
            retry_delays_ms = self.retry_delays_ms



        dead_letter_stream = self.dead_letter_stream

        dead_letter_max_length = self.dead_letter_max_length

        consumer_ttl_ms = self.consumer_ttl_ms

        max_pending = self.max_pending

        max_pending_per_consumer = self.max_pending_per_consumer


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if ack_timeout_ms is not UNSET:
            field_dict["ackTimeoutMs"] = ack_timeout_ms
        if max_deliveries is not UNSET:
            field_dict["maxDeliveries"] = max_deliveries
        if retry_delays_ms is not UNSET:
            field_dict["retryDelaysMs"] = retry_delays_ms
        if dead_letter_stream is not UNSET:
            field_dict["deadLetterStream"] = dead_letter_stream
        if dead_letter_max_length is not UNSET:
            field_dict["deadLetterMaxLength"] = dead_letter_max_length
        if consumer_ttl_ms is not UNSET:
            field_dict["consumerTtlMs"] = consumer_ttl_ms
        if max_pending is not UNSET:
            field_dict["maxPending"] = max_pending
        if max_pending_per_consumer is not UNSET:
            field_dict["maxPendingPerConsumer"] = max_pending_per_consumer

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ack_timeout_ms = d.pop("ackTimeoutMs", UNSET)

        max_deliveries = d.pop("maxDeliveries", UNSET)

        retry_delays_ms = cast(list[int], d.pop("retryDelaysMs", UNSET))


        dead_letter_stream = d.pop("deadLetterStream", UNSET)

        dead_letter_max_length = d.pop("deadLetterMaxLength", UNSET)

        consumer_ttl_ms = d.pop("consumerTtlMs", UNSET)

        max_pending = d.pop("maxPending", UNSET)

        max_pending_per_consumer = d.pop("maxPendingPerConsumer", UNSET)

        delivery_policy = cls(
            ack_timeout_ms=ack_timeout_ms,
            max_deliveries=max_deliveries,
            retry_delays_ms=retry_delays_ms,
            dead_letter_stream=dead_letter_stream,
            dead_letter_max_length=dead_letter_max_length,
            consumer_ttl_ms=consumer_ttl_ms,
            max_pending=max_pending,
            max_pending_per_consumer=max_pending_per_consumer,
        )

        return delivery_policy

