from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="AckRequest")



@_attrs_define
class AckRequest:
    """ Entries to ack.

        Attributes:
            ids (list[str]): The ids of the entries to ack.
            consumer (str | Unset): Ack only entries pending for this consumer. 1 to 256 characters without control
                characters. Example: ann.
     """

    ids: list[str]
    consumer: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        ids = self.ids



        consumer = self.consumer


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "ids": ids,
        })
        if consumer is not UNSET:
            field_dict["consumer"] = consumer

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ids = cast(list[str], d.pop("ids"))


        consumer = d.pop("consumer", UNSET)

        ack_request = cls(
            ids=ids,
            consumer=consumer,
        )

        return ack_request

