from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.ensure_group_request import EnsureGroupRequest
from ...models.ensured_group import EnsuredGroup
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,
    *,
    body: EnsureGroupRequest | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["if-none-match"] = if_none_match



    

    

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/streams/{stream}/groups/{group}".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),),
    }

    
    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> EnsuredGroup | Problem | None:
    if response.status_code == 200:
        response_200 = EnsuredGroup.from_dict(response.json())



        return response_200

    if 400 <= response.status_code <= 499:
        response_4xx = Problem.from_dict(response.json())



        return response_4xx

    if 500 <= response.status_code <= 599:
        response_5xx = Problem.from_dict(response.json())



        return response_5xx

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[EnsuredGroup | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    body: EnsureGroupRequest | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> Response[EnsuredGroup | Problem]:
    """ Create a group if it does not exist

     A worker can send this each time it starts: an existing group is not changed, and keeps its position
    and its delivery policy. With `If-None-Match: *`, the request is refused if the group exists.
    `createStream`, `delivery`, and an `after` greater than the last id of the stream require the scope
    `manage`.

    Problems, besides those of any request: `dead-letter-cycle`, `group-exists`, `invalid-id`, `limit-
    reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XGROUP CREATE`.

    Args:
        stream (str):
        group (str):
        if_none_match (str | Unset):
        body (EnsureGroupRequest | Unset): Where a new group starts, and its delivery policy.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EnsuredGroup | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
body=body,
if_none_match=if_none_match,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    body: EnsureGroupRequest | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> EnsuredGroup | Problem | None:
    """ Create a group if it does not exist

     A worker can send this each time it starts: an existing group is not changed, and keeps its position
    and its delivery policy. With `If-None-Match: *`, the request is refused if the group exists.
    `createStream`, `delivery`, and an `after` greater than the last id of the stream require the scope
    `manage`.

    Problems, besides those of any request: `dead-letter-cycle`, `group-exists`, `invalid-id`, `limit-
    reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XGROUP CREATE`.

    Args:
        stream (str):
        group (str):
        if_none_match (str | Unset):
        body (EnsureGroupRequest | Unset): Where a new group starts, and its delivery policy.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EnsuredGroup | Problem
     """


    return sync_detailed(
        stream=stream,
group=group,
client=client,
body=body,
if_none_match=if_none_match,

    ).parsed

async def asyncio_detailed(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    body: EnsureGroupRequest | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> Response[EnsuredGroup | Problem]:
    """ Create a group if it does not exist

     A worker can send this each time it starts: an existing group is not changed, and keeps its position
    and its delivery policy. With `If-None-Match: *`, the request is refused if the group exists.
    `createStream`, `delivery`, and an `after` greater than the last id of the stream require the scope
    `manage`.

    Problems, besides those of any request: `dead-letter-cycle`, `group-exists`, `invalid-id`, `limit-
    reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XGROUP CREATE`.

    Args:
        stream (str):
        group (str):
        if_none_match (str | Unset):
        body (EnsureGroupRequest | Unset): Where a new group starts, and its delivery policy.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EnsuredGroup | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
body=body,
if_none_match=if_none_match,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    body: EnsureGroupRequest | Unset = UNSET,
    if_none_match: str | Unset = UNSET,

) -> EnsuredGroup | Problem | None:
    """ Create a group if it does not exist

     A worker can send this each time it starts: an existing group is not changed, and keeps its position
    and its delivery policy. With `If-None-Match: *`, the request is refused if the group exists.
    `createStream`, `delivery`, and an `after` greater than the last id of the stream require the scope
    `manage`.

    Problems, besides those of any request: `dead-letter-cycle`, `group-exists`, `invalid-id`, `limit-
    reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XGROUP CREATE`.

    Args:
        stream (str):
        group (str):
        if_none_match (str | Unset):
        body (EnsureGroupRequest | Unset): Where a new group starts, and its delivery policy.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EnsuredGroup | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
client=client,
body=body,
if_none_match=if_none_match,

    )).parsed
