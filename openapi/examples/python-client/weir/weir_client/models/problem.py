from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.fault import Fault





T = TypeVar("T", bound="Problem")



@_attrs_define
class Problem:
    """ Why a request was refused (RFC 9457).

        Attributes:
            type_ (str): `urn:weir:problem:` followed by the code.
            title (str): A short description of the code.
            status (int): The HTTP status code.
            detail (str): A sentence that explains what is wrong with this request.
            code (str): Why the request was refused. The meaning of a code never changes, but new codes may be added.
            retryable (bool): Whether the same request may succeed later.
            side_effects (str): Whether the request may have changed something although it was refused: `none` or
                `possible`.
            request_id (str): The id of the request, which also appears in the log.
            retry_after_ms (int | Unset): How long to wait before retrying, in milliseconds. The same as in the header
                `Retry-After`.
            errors (list[Fault] | Unset): The invalid parts of the request.
     """

    type_: str
    title: str
    status: int
    detail: str
    code: str
    retryable: bool
    side_effects: str
    request_id: str
    retry_after_ms: int | Unset = UNSET
    errors: list[Fault] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.fault import Fault # noqa: PLC0415
        type_ = self.type_

        title = self.title

        status = self.status

        detail = self.detail

        code = self.code

        retryable = self.retryable

        side_effects = self.side_effects

        request_id = self.request_id

        retry_after_ms = self.retry_after_ms

        errors: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.errors, Unset):
            errors = []
            for errors_item_data in self.errors:
                errors_item = errors_item_data.to_dict()
                errors.append(errors_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "type": type_,
            "title": title,
            "status": status,
            "detail": detail,
            "code": code,
            "retryable": retryable,
            "sideEffects": side_effects,
            "requestId": request_id,
        })
        if retry_after_ms is not UNSET:
            field_dict["retryAfterMs"] = retry_after_ms
        if errors is not UNSET:
            field_dict["errors"] = errors

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fault import Fault # noqa: PLC0415
        d = dict(src_dict)
        type_ = d.pop("type")

        title = d.pop("title")

        status = d.pop("status")

        detail = d.pop("detail")

        code = d.pop("code")

        retryable = d.pop("retryable")

        side_effects = d.pop("sideEffects")

        request_id = d.pop("requestId")

        retry_after_ms = d.pop("retryAfterMs", UNSET)

        _errors = d.pop("errors", UNSET)
        errors: list[Fault] | Unset = UNSET
        if _errors is not UNSET:
            errors = []
            for errors_item_data in _errors:
                errors_item = Fault.from_dict(errors_item_data)



                errors.append(errors_item)


        problem = cls(
            type_=type_,
            title=title,
            status=status,
            detail=detail,
            code=code,
            retryable=retryable,
            side_effects=side_effects,
            request_id=request_id,
            retry_after_ms=retry_after_ms,
            errors=errors,
        )


        problem.additional_properties = d
        return problem

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
