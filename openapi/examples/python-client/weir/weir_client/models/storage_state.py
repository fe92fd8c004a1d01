from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="StorageState")



@_attrs_define
class StorageState:
    """ The state of the data directory. Omitted by an engine without one.

        Attributes:
            disk_bytes (int): Size of the data files in bytes, including free space in them.
            journal_bytes (int): Bytes of the journal that a restart would have to read.
            undeleted_segments (int): Number of journal segments that are no longer needed but cannot be deleted.
            memory_bytes (int): Memory used by blocks of entries, in bytes.
            checkpoint_at (int | None): When the last checkpoint finished, in milliseconds since the epoch. Null before the
                first checkpoint since the start.
            checkpoint_seconds (float | None): How long the last checkpoint took.
            checkpoint_error (str | Unset): Why the last checkpoint failed. Omitted if it succeeded. The journal grows until
                a checkpoint succeeds.
     """

    disk_bytes: int
    journal_bytes: int
    undeleted_segments: int
    memory_bytes: int
    checkpoint_at: int | None
    checkpoint_seconds: float | None
    checkpoint_error: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        disk_bytes = self.disk_bytes

        journal_bytes = self.journal_bytes

        undeleted_segments = self.undeleted_segments

        memory_bytes = self.memory_bytes

        checkpoint_at: int | None
        checkpoint_at = self.checkpoint_at

        checkpoint_seconds: float | None
        checkpoint_seconds = self.checkpoint_seconds

        checkpoint_error = self.checkpoint_error


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "diskBytes": disk_bytes,
            "journalBytes": journal_bytes,
            "undeletedSegments": undeleted_segments,
            "memoryBytes": memory_bytes,
            "checkpointAt": checkpoint_at,
            "checkpointSeconds": checkpoint_seconds,
        })
        if checkpoint_error is not UNSET:
            field_dict["checkpointError"] = checkpoint_error

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        disk_bytes = d.pop("diskBytes")

        journal_bytes = d.pop("journalBytes")

        undeleted_segments = d.pop("undeletedSegments")

        memory_bytes = d.pop("memoryBytes")

        def _parse_checkpoint_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        checkpoint_at = _parse_checkpoint_at(d.pop("checkpointAt"))


        def _parse_checkpoint_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        checkpoint_seconds = _parse_checkpoint_seconds(d.pop("checkpointSeconds"))


        checkpoint_error = d.pop("checkpointError", UNSET)

        storage_state = cls(
            disk_bytes=disk_bytes,
            journal_bytes=journal_bytes,
            undeleted_segments=undeleted_segments,
            memory_bytes=memory_bytes,
            checkpoint_at=checkpoint_at,
            checkpoint_seconds=checkpoint_seconds,
            checkpoint_error=checkpoint_error,
        )


        storage_state.additional_properties = d
        return storage_state

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
