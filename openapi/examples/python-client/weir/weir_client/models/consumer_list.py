from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.consumer_info import ConsumerInfo





T = TypeVar("T", bound="ConsumerList")



@_attrs_define
class ConsumerList:
    """ A page of the consumers of a group.

        Attributes:
            consumers (list[ConsumerInfo]): The consumers of the page.
            cursor (str | Unset): Where the next page starts. Omitted on the last page.
     """

    consumers: list[ConsumerInfo]
    cursor: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.consumer_info import ConsumerInfo # noqa: PLC0415
        consumers = []
        for consumers_item_data in self.consumers:
            consumers_item = consumers_item_data.to_dict()
            consumers.append(consumers_item)



        cursor = self.cursor


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "consumers": consumers,
        })
        if cursor is not UNSET:
            field_dict["cursor"] = cursor

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.consumer_info import ConsumerInfo # noqa: PLC0415
        d = dict(src_dict)
        consumers = []
        _consumers = d.pop("consumers")
        for consumers_item_data in (_consumers):
            consumers_item = ConsumerInfo.from_dict(consumers_item_data)



            consumers.append(consumers_item)


        cursor = d.pop("cursor", UNSET)

        consumer_list = cls(
            consumers=consumers,
            cursor=cursor,
        )


        consumer_list.additional_properties = d
        return consumer_list

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
