from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="Redriven")



@_attrs_define
class Redriven:
    """ The result of redriving entries.

        Attributes:
            redriven (int): Number of entries that were dead and are now due.
            not_dead (list[str]): The ids in the request that are not dead.
            missing (list[str]): Dead entries whose original was deleted or trimmed. They stay where they are. At most 1000
                ids.
     """

    redriven: int
    not_dead: list[str]
    missing: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        redriven = self.redriven

        not_dead = self.not_dead



        missing = self.missing




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "redriven": redriven,
            "notDead": not_dead,
            "missing": missing,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        redriven = d.pop("redriven")

        not_dead = cast(list[str], d.pop("notDead"))


        missing = cast(list[str], d.pop("missing"))


        redriven = cls(
            redriven=redriven,
            not_dead=not_dead,
            missing=missing,
        )


        redriven.additional_properties = d
        return redriven

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
