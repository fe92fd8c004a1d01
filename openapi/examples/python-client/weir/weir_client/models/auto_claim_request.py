from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="AutoClaimRequest")



@_attrs_define
class AutoClaimRequest:
    """ Which pending entries to claim.

        Attributes:
            consumer (str): The consumer that claims, created if it does not exist. 1 to 256 characters without control
                characters. Example: bob.
            min_idle_ms (int): Only entries that have been idle for at least this long, in milliseconds.
            from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may
                be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response
                always contains it. Default: '0-0'. Example: 1767225600000-0.
            count (int | Unset): Maximum number of entries to claim. Default: 100.
            max_deliveries (int | Unset): Do not claim entries that were delivered this often or more.
            just_ids (bool | Unset): Return entries without fields, and do not count this as a delivery. Default: False.
     """

    consumer: str
    min_idle_ms: int
    from_: str | Unset = '0-0'
    count: int | Unset = 100
    max_deliveries: int | Unset = UNSET
    just_ids: bool | Unset = False





    def to_dict(self) -> dict[str, Any]:
        consumer = self.consumer

        min_idle_ms = self.min_idle_ms

        from_ = self.from_

        count = self.count

        max_deliveries = self.max_deliveries

        just_ids = self.just_ids


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "consumer": consumer,
            "minIdleMs": min_idle_ms,
        })
        if from_ is not UNSET:
            field_dict["from"] = from_
        if count is not UNSET:
            field_dict["count"] = count
        if max_deliveries is not UNSET:
            field_dict["maxDeliveries"] = max_deliveries
        if just_ids is not UNSET:
            field_dict["justIds"] = just_ids

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        consumer = d.pop("consumer")

        min_idle_ms = d.pop("minIdleMs")

        from_ = d.pop("from", UNSET)

        count = d.pop("count", UNSET)

        max_deliveries = d.pop("maxDeliveries", UNSET)

        just_ids = d.pop("justIds", UNSET)

        auto_claim_request = cls(
            consumer=consumer,
            min_idle_ms=min_idle_ms,
            from_=from_,
            count=count,
            max_deliveries=max_deliveries,
            just_ids=just_ids,
        )

        return auto_claim_request

