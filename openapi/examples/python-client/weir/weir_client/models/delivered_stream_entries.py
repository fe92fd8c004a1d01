from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.delivered_entry import DeliveredEntry





T = TypeVar("T", bound="DeliveredStreamEntries")



@_attrs_define
class DeliveredStreamEntries:
    """ Entries of one of several streams, delivered to a consumer.

        Attributes:
            stream (str): The name of the stream.
            entries (list[DeliveredEntry]): The entries of this stream that are delivered to the consumer.
            acked (int | Unset): Number of entries that the request acked. Only if it had `ack` or `nack`, as `nacked` and
                `notPending`.
            nacked (int | Unset): Number of entries that the request nacked.
            not_pending (list[str] | Unset): The ids in `ack` and `nack` that were not pending for the consumer.
     """

    stream: str
    entries: list[DeliveredEntry]
    acked: int | Unset = UNSET
    nacked: int | Unset = UNSET
    not_pending: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.delivered_entry import DeliveredEntry # noqa: PLC0415
        stream = self.stream

        entries = []
        for entries_item_data in self.entries:
            entries_item = entries_item_data.to_dict()
            entries.append(entries_item)



        acked = self.acked

        nacked = self.nacked

        not_pending: list[str] | Unset = UNSET
        if not isinstance(self.not_pending, Unset):
            not_pending = self.not_pending




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "stream": stream,
            "entries": entries,
        })
        if acked is not UNSET:
            field_dict["acked"] = acked
        if nacked is not UNSET:
            field_dict["nacked"] = nacked
        if not_pending is not UNSET:
            field_dict["notPending"] = not_pending

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.delivered_entry import DeliveredEntry # noqa: PLC0415
        d = dict(src_dict)
        stream = d.pop("stream")

        entries = []
        _entries = d.pop("entries")
        for entries_item_data in (_entries):
            entries_item = DeliveredEntry.from_dict(entries_item_data)



            entries.append(entries_item)


        acked = d.pop("acked", UNSET)

        nacked = d.pop("nacked", UNSET)

        not_pending = cast(list[str], d.pop("notPending", UNSET))


        delivered_stream_entries = cls(
            stream=stream,
            entries=entries,
            acked=acked,
            nacked=nacked,
            not_pending=not_pending,
        )


        delivered_stream_entries.additional_properties = d
        return delivered_stream_entries

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
