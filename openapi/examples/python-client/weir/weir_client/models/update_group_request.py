from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.delivery_policy import DeliveryPolicy





T = TypeVar("T", bound="UpdateGroupRequest")



@_attrs_define
class UpdateGroupRequest:
    """ The new position and delivery policy of the group.

        Attributes:
            after (str | Unset): The group receives the entries after this position. If omitted, the group keeps its
                position. An id, or `last` for the last id of the stream. Example: 1767225600000-0.
            entries_read (int | Unset): Number of entries of the stream that count as read by the group. The lag is computed
                from it.
            delivery (DeliveryPolicy | Unset): How the group treats entries that are not acked. All members are optional.
     """

    after: str | Unset = UNSET
    entries_read: int | Unset = UNSET
    delivery: DeliveryPolicy | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.delivery_policy import DeliveryPolicy # noqa: PLC0415
        after = self.after

        entries_read = self.entries_read

        delivery: dict[str, Any] | Unset = UNSET
        if not isinstance(self.delivery, Unset):
            delivery = self.delivery.to_dict()


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if after is not UNSET:
            field_dict["after"] = after
        if entries_read is not UNSET:
            field_dict["entriesRead"] = entries_read
        if delivery is not UNSET:
            field_dict["delivery"] = delivery

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.delivery_policy import DeliveryPolicy # noqa: PLC0415
        d = dict(src_dict)
        after = d.pop("after", UNSET)

        entries_read = d.pop("entriesRead", UNSET)

        _delivery = d.pop("delivery", UNSET)
        delivery: DeliveryPolicy | Unset
        if isinstance(_delivery,  Unset):
            delivery = UNSET
        else:
            delivery = DeliveryPolicy.from_dict(_delivery)




        update_group_request = cls(
            after=after,
            entries_read=entries_read,
            delivery=delivery,
        )

        return update_group_request

