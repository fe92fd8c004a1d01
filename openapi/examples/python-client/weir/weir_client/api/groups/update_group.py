from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.group_info import GroupInfo
from ...models.problem import Problem
from ...models.update_group_request import UpdateGroupRequest
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,
    *,
    body: UpdateGroupRequest | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/v1/streams/{stream}/groups/{group}".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),),
    }

    
    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> GroupInfo | Problem | None:
    if response.status_code == 200:
        response_200 = GroupInfo.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[GroupInfo | Problem]:
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
    body: UpdateGroupRequest | Unset = UNSET,

) -> Response[GroupInfo | Problem]:
    """ Move a group to another position in the stream, or change its delivery policy

     Moving a group back delivers entries again. Moving it forward skips entries. Pending entries stay
    pending. `delivery` replaces the whole delivery policy, and an empty object removes it. If it is
    omitted, the policy stays as it is. The time of pending entries starts again when the policy
    changes.

    Problems, besides those of any request: `dead-letter-cycle`, `group-not-found`, `invalid-id`,
    `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XGROUP SETID`.

    Args:
        stream (str):
        group (str):
        body (UpdateGroupRequest | Unset): The new position and delivery policy of the group.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GroupInfo | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
body=body,

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
    body: UpdateGroupRequest | Unset = UNSET,

) -> GroupInfo | Problem | None:
    """ Move a group to another position in the stream, or change its delivery policy

     Moving a group back delivers entries again. Moving it forward skips entries. Pending entries stay
    pending. `delivery` replaces the whole delivery policy, and an empty object removes it. If it is
    omitted, the policy stays as it is. The time of pending entries starts again when the policy
    changes.

    Problems, besides those of any request: `dead-letter-cycle`, `group-not-found`, `invalid-id`,
    `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XGROUP SETID`.

    Args:
        stream (str):
        group (str):
        body (UpdateGroupRequest | Unset): The new position and delivery policy of the group.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GroupInfo | Problem
     """


    return sync_detailed(
        stream=stream,
group=group,
client=client,
body=body,

    ).parsed

async def asyncio_detailed(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    body: UpdateGroupRequest | Unset = UNSET,

) -> Response[GroupInfo | Problem]:
    """ Move a group to another position in the stream, or change its delivery policy

     Moving a group back delivers entries again. Moving it forward skips entries. Pending entries stay
    pending. `delivery` replaces the whole delivery policy, and an empty object removes it. If it is
    omitted, the policy stays as it is. The time of pending entries starts again when the policy
    changes.

    Problems, besides those of any request: `dead-letter-cycle`, `group-not-found`, `invalid-id`,
    `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XGROUP SETID`.

    Args:
        stream (str):
        group (str):
        body (UpdateGroupRequest | Unset): The new position and delivery policy of the group.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GroupInfo | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
body=body,

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
    body: UpdateGroupRequest | Unset = UNSET,

) -> GroupInfo | Problem | None:
    """ Move a group to another position in the stream, or change its delivery policy

     Moving a group back delivers entries again. Moving it forward skips entries. Pending entries stay
    pending. `delivery` replaces the whole delivery policy, and an empty object removes it. If it is
    omitted, the policy stays as it is. The time of pending entries starts again when the policy
    changes.

    Problems, besides those of any request: `dead-letter-cycle`, `group-not-found`, `invalid-id`,
    `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XGROUP SETID`.

    Args:
        stream (str):
        group (str):
        body (UpdateGroupRequest | Unset): The new position and delivery policy of the group.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GroupInfo | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
client=client,
body=body,

    )).parsed
