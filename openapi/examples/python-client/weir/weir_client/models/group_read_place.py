from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.nack import Nack





T = TypeVar("T", bound="GroupReadPlace")



@_attrs_define
class GroupReadPlace:
    """ A stream to read as a consumer.

        Attributes:
            stream (str): The name of the stream. 1 to 256 characters without control characters. Example: orders.
            after (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request, `-<seq>` may
                be omitted, which means 0, and at the upper end of a range the highest possible sequence number. A response
                always contains it. Example: 1767225600000-0.
            ack (list[str] | Unset): Ack these entries before reading, if they are pending for the consumer. The list may be
                empty.
            nack (list[Nack] | Unset): Nack these entries before reading, if they are pending for the consumer. The list may
                be empty. A request acks and nacks at most 1000 entries.
     """

    stream: str
    after: str | Unset = UNSET
    ack: list[str] | Unset = UNSET
    nack: list[Nack] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.nack import Nack # noqa: PLC0415
        stream = self.stream

        after = self.after

        ack: list[str] | Unset = UNSET
        if not isinstance(self.ack, Unset):
            ack = self.ack



        nack: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.nack, Unset):
            nack = []
            for nack_item_data in self.nack:
                nack_item = nack_item_data.to_dict()
                nack.append(nack_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "stream": stream,
        })
        if after is not UNSET:
            field_dict["after"] = after
        if ack is not UNSET:
            field_dict["ack"] = ack
        if nack is not UNSET:
            field_dict["nack"] = nack

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.nack import Nack # noqa: PLC0415
        d = dict(src_dict)
        stream = d.pop("stream")

        after = d.pop("after", UNSET)

        ack = cast(list[str], d.pop("ack", UNSET))


        _nack = d.pop("nack", UNSET)
        nack: list[Nack] | Unset = UNSET
        if _nack is not UNSET:
            nack = []
            for nack_item_data in _nack:
                nack_item = Nack.from_dict(nack_item_data)



                nack.append(nack_item)


        group_read_place = cls(
            stream=stream,
            after=after,
            ack=ack,
            nack=nack,
        )

        return group_read_place

