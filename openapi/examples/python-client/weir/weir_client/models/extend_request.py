from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="ExtendRequest")



@_attrs_define
class ExtendRequest:
    """ Entries whose time to start again.

        Attributes:
            consumer (str): The consumer that holds the entries. 1 to 256 characters without control characters. Example:
                ann.
            ids (list[str] | Unset): The ids of the entries to extend. If omitted, those that the consumer holds, earliest
                due first, at most 1000.
     """

    consumer: str
    ids: list[str] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        consumer = self.consumer

        ids: list[str] | Unset = UNSET
        if not isinstance(self.ids, Unset):
            ids = self.ids




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "consumer": consumer,
        })
        if ids is not UNSET:
            field_dict["ids"] = ids

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        consumer = d.pop("consumer")

        ids = cast(list[str], d.pop("ids", UNSET))


        extend_request = cls(
            consumer=consumer,
            ids=ids,
        )

        return extend_request

