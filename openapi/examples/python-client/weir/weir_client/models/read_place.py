from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="ReadPlace")



@_attrs_define
class ReadPlace:
    """ A stream, and where to start reading it.

        Attributes:
            stream (str): The name of the stream. 1 to 256 characters without control characters. Example: orders.
            after (str): Read the entries after this position. An id, or `last` for the last id of the stream. Example:
                1767225600000-0.
     """

    stream: str
    after: str





    def to_dict(self) -> dict[str, Any]:
        stream = self.stream

        after = self.after


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "stream": stream,
            "after": after,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        stream = d.pop("stream")

        after = d.pop("after")

        read_place = cls(
            stream=stream,
            after=after,
        )

        return read_place

