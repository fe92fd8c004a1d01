from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.nack_outcome import NackOutcome
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="Nack")



@_attrs_define
class Nack:
    """ Entries to nack with the same outcome.

        Attributes:
            ids (list[str]): The ids of the entries to nack.
            outcome (NackOutcome): `retry`: the delivery failed, and the entry is delivered again later, or is dead if it
                has no deliveries left. `release`: the delivery does not count, and the entry is due at once. `reject`: the
                entry is dead at once.
            delay_ms (int | Unset): How long to wait before the entry is delivered again, in milliseconds, instead of the
                delay of the group's delivery policy. Only with `retry`.
            reason (str | Unset): Why the delivery failed, in at most 1024 bytes of UTF-8. It is kept if the entry is dead.
                Example: The card was declined.
     """

    ids: list[str]
    outcome: NackOutcome
    delay_ms: int | Unset = UNSET
    reason: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        ids = self.ids



        outcome = self.outcome.value

        delay_ms = self.delay_ms

        reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "ids": ids,
            "outcome": outcome,
        })
        if delay_ms is not UNSET:
            field_dict["delayMs"] = delay_ms
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ids = cast(list[str], d.pop("ids"))


        outcome = NackOutcome(d.pop("outcome"))




        delay_ms = d.pop("delayMs", UNSET)

        reason = d.pop("reason", UNSET)

        nack = cls(
            ids=ids,
            outcome=outcome,
            delay_ms=delay_ms,
            reason=reason,
        )

        return nack

