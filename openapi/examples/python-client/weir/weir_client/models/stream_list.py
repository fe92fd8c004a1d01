from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.stream_summary import StreamSummary





T = TypeVar("T", bound="StreamList")



@_attrs_define
class StreamList:
    """ A page of streams.

        Attributes:
            streams (list[StreamSummary]): The streams of the page.
            cursor (str | Unset): Where the next page starts. Omitted on the last page.
     """

    streams: list[StreamSummary]
    cursor: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.stream_summary import StreamSummary # noqa: PLC0415
        streams = []
        for streams_item_data in self.streams:
            streams_item = streams_item_data.to_dict()
            streams.append(streams_item)



        cursor = self.cursor


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "streams": streams,
        })
        if cursor is not UNSET:
            field_dict["cursor"] = cursor

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stream_summary import StreamSummary # noqa: PLC0415
        d = dict(src_dict)
        streams = []
        _streams = d.pop("streams")
        for streams_item_data in (_streams):
            streams_item = StreamSummary.from_dict(streams_item_data)



            streams.append(streams_item)


        cursor = d.pop("cursor", UNSET)

        stream_list = cls(
            streams=streams,
            cursor=cursor,
        )


        stream_list.additional_properties = d
        return stream_list

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
