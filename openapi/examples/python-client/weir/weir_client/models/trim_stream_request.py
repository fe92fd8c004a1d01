from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="TrimStreamRequest")



@_attrs_define
class TrimStreamRequest:
    """ What to keep: set either `maxLength` or `minId`.

        Attributes:
            max_length (int | Unset): Keep at most this many of the newest entries. Cannot be combined with `minId`.
            min_id (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may
                be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response
                always contains it. Example: 1767225600000-0.
            approximate (bool | Unset): Remove only whole blocks. This is cheaper, but may keep some more entries. Default:
                False.
            limit (int | Unset): Remove at most this many entries. Only allowed with `approximate`.
     """

    max_length: int | Unset = UNSET
    min_id: str | Unset = UNSET
    approximate: bool | Unset = False
    limit: int | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        max_length = self.max_length

        min_id = self.min_id

        approximate = self.approximate

        limit = self.limit


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if max_length is not UNSET:
            field_dict["maxLength"] = max_length
        if min_id is not UNSET:
            field_dict["minId"] = min_id
        if approximate is not UNSET:
            field_dict["approximate"] = approximate
        if limit is not UNSET:
            field_dict["limit"] = limit

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        max_length = d.pop("maxLength", UNSET)

        min_id = d.pop("minId", UNSET)

        approximate = d.pop("approximate", UNSET)

        limit = d.pop("limit", UNSET)

        trim_stream_request = cls(
            max_length=max_length,
            min_id=min_id,
            approximate=approximate,
            limit=limit,
        )

        return trim_stream_request

