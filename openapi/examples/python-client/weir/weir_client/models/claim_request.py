from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="ClaimRequest")



@_attrs_define
class ClaimRequest:
    """ Entries to claim.

        Attributes:
            consumer (str): The consumer that claims, created if it does not exist. 1 to 256 characters without control
                characters. Example: bob.
            ids (list[str]): The ids of the entries to claim.
            min_idle_ms (int | Unset): Only entries that have been idle for at least this long, in milliseconds. Default: 0.
            idle_ms (int | Unset): Set the idle time, in milliseconds. Cannot be combined with `deliveredAt`. A delivery
                before 1970 counts as one in 1970.
            delivered_at (int | Unset): Set the time of the last delivery, in milliseconds since the epoch. Cannot be
                combined with `idleMs`. A time in the future means now.
            deliveries (int | Unset): Set the delivery count instead of incrementing it.
            only_from (str | Unset): Claim only entries that are pending for this consumer. 1 to 256 characters without
                control characters. Example: ann.
            force (bool | Unset): Also claim entries of the stream that are not pending. Default: False.
            just_ids (bool | Unset): Return entries without fields, and do not count this as a delivery. Default: False.
            last_id (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>`
                may be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response
                always contains it. Example: 1767225600000-0.
     """

    consumer: str
    ids: list[str]
    min_idle_ms: int | Unset = 0
    idle_ms: int | Unset = UNSET
    delivered_at: int | Unset = UNSET
    deliveries: int | Unset = UNSET
    only_from: str | Unset = UNSET
    force: bool | Unset = False
    just_ids: bool | Unset = False
    last_id: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        consumer = self.consumer

        ids = self.ids



        min_idle_ms = self.min_idle_ms

        idle_ms = self.idle_ms

        delivered_at = self.delivered_at

        deliveries = self.deliveries

        only_from = self.only_from

        force = self.force

        just_ids = self.just_ids

        last_id = self.last_id


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "consumer": consumer,
            "ids": ids,
        })
        if min_idle_ms is not UNSET:
            field_dict["minIdleMs"] = min_idle_ms
        if idle_ms is not UNSET:
            field_dict["idleMs"] = idle_ms
        if delivered_at is not UNSET:
            field_dict["deliveredAt"] = delivered_at
        if deliveries is not UNSET:
            field_dict["deliveries"] = deliveries
        if only_from is not UNSET:
            field_dict["onlyFrom"] = only_from
        if force is not UNSET:
            field_dict["force"] = force
        if just_ids is not UNSET:
            field_dict["justIds"] = just_ids
        if last_id is not UNSET:
            field_dict["lastId"] = last_id

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        consumer = d.pop("consumer")

        ids = cast(list[str], d.pop("ids"))


        min_idle_ms = d.pop("minIdleMs", UNSET)

        idle_ms = d.pop("idleMs", UNSET)

        delivered_at = d.pop("deliveredAt", UNSET)

        deliveries = d.pop("deliveries", UNSET)

        only_from = d.pop("onlyFrom", UNSET)

        force = d.pop("force", UNSET)

        just_ids = d.pop("justIds", UNSET)

        last_id = d.pop("lastId", UNSET)

        claim_request = cls(
            consumer=consumer,
            ids=ids,
            min_idle_ms=min_idle_ms,
            idle_ms=idle_ms,
            delivered_at=delivered_at,
            deliveries=deliveries,
            only_from=only_from,
            force=force,
            just_ids=just_ids,
            last_id=last_id,
        )

        return claim_request

