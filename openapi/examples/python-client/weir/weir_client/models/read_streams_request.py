from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.read_place import ReadPlace





T = TypeVar("T", bound="ReadStreamsRequest")



@_attrs_define
class ReadStreamsRequest:
    """ Streams to read, and where to start.

        Attributes:
            streams (list[ReadPlace]): The streams to read.
            count (int | Unset): Maximum number of entries per stream. Default: 10.
            wait_ms (int | Unset): How long to wait if there are no entries, in milliseconds. With 0, the request does not
                wait. Set the time-out of the client for this request to `waitMs` + 5 seconds. Default: 0.
     """

    streams: list[ReadPlace]
    count: int | Unset = 10
    wait_ms: int | Unset = 0





    def to_dict(self) -> dict[str, Any]:
        from ..models.read_place import ReadPlace # noqa: PLC0415
        streams = []
        for streams_item_data in self.streams:
            streams_item = streams_item_data.to_dict()
            streams.append(streams_item)



        count = self.count

        wait_ms = self.wait_ms


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "streams": streams,
        })
        if count is not UNSET:
            field_dict["count"] = count
        if wait_ms is not UNSET:
            field_dict["waitMs"] = wait_ms

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.read_place import ReadPlace # noqa: PLC0415
        d = dict(src_dict)
        streams = []
        _streams = d.pop("streams")
        for streams_item_data in (_streams):
            streams_item = ReadPlace.from_dict(streams_item_data)



            streams.append(streams_item)


        count = d.pop("count", UNSET)

        wait_ms = d.pop("waitMs", UNSET)

        read_streams_request = cls(
            streams=streams,
            count=count,
            wait_ms=wait_ms,
        )

        return read_streams_request

