from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="RedriveRequest")



@_attrs_define
class RedriveRequest:
    """ Which dead entries to redrive.

        Attributes:
            ids (list[str] | Unset): The ids of the entries to redrive. For entries in the dead-letter stream, these are the
                ids of the original entries. If omitted, the first dead entries are redriven.
            limit (int | Unset): Maximum number of entries to redrive. Ids in the request beyond it are in no list of the
                response. Default: 1000.
     """

    ids: list[str] | Unset = UNSET
    limit: int | Unset = 1000





    def to_dict(self) -> dict[str, Any]:
        ids: list[str] | Unset = UNSET
        if not isinstance(self.ids, Unset):
            ids = self.ids



        limit = self.limit


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if ids is not UNSET:
            field_dict["ids"] = ids
        if limit is not UNSET:
            field_dict["limit"] = limit

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ids = cast(list[str], d.pop("ids", UNSET))


        limit = d.pop("limit", UNSET)

        redrive_request = cls(
            ids=ids,
            limit=limit,
        )

        return redrive_request

