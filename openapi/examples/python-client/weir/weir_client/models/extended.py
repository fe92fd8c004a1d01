from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="Extended")



@_attrs_define
class Extended:
    """ The result of extending entries.

        Attributes:
            extended (int): Number of entries whose time started again.
            not_pending (list[str]): The ids in the request that were not pending for this consumer.
            ack_before_ms (int | None): How long the consumer now has to ack them, in milliseconds. Null if the group has no
                `ackTimeoutMs`.
            more (bool | Unset): True if the consumer holds more entries whose time did not start again lately: send the
                request again. Otherwise omitted.
     """

    extended: int
    not_pending: list[str]
    ack_before_ms: int | None
    more: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        extended = self.extended

        not_pending = self.not_pending



        ack_before_ms: int | None
        ack_before_ms = self.ack_before_ms

        more = self.more


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "extended": extended,
            "notPending": not_pending,
            "ackBeforeMs": ack_before_ms,
        })
        if more is not UNSET:
            field_dict["more"] = more

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        extended = d.pop("extended")

        not_pending = cast(list[str], d.pop("notPending"))


        def _parse_ack_before_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        ack_before_ms = _parse_ack_before_ms(d.pop("ackBeforeMs"))


        more = d.pop("more", UNSET)

        extended = cls(
            extended=extended,
            not_pending=not_pending,
            ack_before_ms=ack_before_ms,
            more=more,
        )


        extended.additional_properties = d
        return extended

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
