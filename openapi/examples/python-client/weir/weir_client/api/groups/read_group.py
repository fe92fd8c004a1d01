from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.group_read import GroupRead
from ...models.problem import Problem
from ...models.read_group_request import ReadGroupRequest
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,
    *,
    body: ReadGroupRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/streams/{stream}/groups/{group}/read".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> GroupRead | Problem | None:
    if response.status_code == 200:
        response_200 = GroupRead.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[GroupRead | Problem]:
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
    body: ReadGroupRequest,

) -> Response[GroupRead | Problem]:
    """ Read the next entries as a consumer

     Returns the next entries that no consumer of the group has received, oldest first, and makes them
    pending until they are acked. Entries that are due are delivered as well: at least half of `count`,
    rounded down, is left for each kind. If there are none, the request waits for up to `waitMs`.
    Waiting consumers are served in the order in which they arrived. If the connection closes before the
    response is sent, nothing is delivered. With `after`, returns the pending entries of the consumer.
    `ack` and `nack` settle earlier entries first: in the same step if there is something to deliver at
    once, otherwise before waiting. Once they are settled, the response is a success, if necessary
    without entries. A response contains at most 16 MiB of entries, or a single larger entry, even if
    the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `ids-exhausted`,
    `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-
    found`, `too-many-waiting`.

    Scope: `consume`.

    Redis: `XREADGROUP`.

    Args:
        stream (str):
        group (str):
        body (ReadGroupRequest): Which consumer reads, and how much.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GroupRead | Problem]
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
    body: ReadGroupRequest,

) -> GroupRead | Problem | None:
    """ Read the next entries as a consumer

     Returns the next entries that no consumer of the group has received, oldest first, and makes them
    pending until they are acked. Entries that are due are delivered as well: at least half of `count`,
    rounded down, is left for each kind. If there are none, the request waits for up to `waitMs`.
    Waiting consumers are served in the order in which they arrived. If the connection closes before the
    response is sent, nothing is delivered. With `after`, returns the pending entries of the consumer.
    `ack` and `nack` settle earlier entries first: in the same step if there is something to deliver at
    once, otherwise before waiting. Once they are settled, the response is a success, if necessary
    without entries. A response contains at most 16 MiB of entries, or a single larger entry, even if
    the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `ids-exhausted`,
    `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-
    found`, `too-many-waiting`.

    Scope: `consume`.

    Redis: `XREADGROUP`.

    Args:
        stream (str):
        group (str):
        body (ReadGroupRequest): Which consumer reads, and how much.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GroupRead | Problem
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
    body: ReadGroupRequest,

) -> Response[GroupRead | Problem]:
    """ Read the next entries as a consumer

     Returns the next entries that no consumer of the group has received, oldest first, and makes them
    pending until they are acked. Entries that are due are delivered as well: at least half of `count`,
    rounded down, is left for each kind. If there are none, the request waits for up to `waitMs`.
    Waiting consumers are served in the order in which they arrived. If the connection closes before the
    response is sent, nothing is delivered. With `after`, returns the pending entries of the consumer.
    `ack` and `nack` settle earlier entries first: in the same step if there is something to deliver at
    once, otherwise before waiting. Once they are settled, the response is a success, if necessary
    without entries. A response contains at most 16 MiB of entries, or a single larger entry, even if
    the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `ids-exhausted`,
    `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-
    found`, `too-many-waiting`.

    Scope: `consume`.

    Redis: `XREADGROUP`.

    Args:
        stream (str):
        group (str):
        body (ReadGroupRequest): Which consumer reads, and how much.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GroupRead | Problem]
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
    body: ReadGroupRequest,

) -> GroupRead | Problem | None:
    """ Read the next entries as a consumer

     Returns the next entries that no consumer of the group has received, oldest first, and makes them
    pending until they are acked. Entries that are due are delivered as well: at least half of `count`,
    rounded down, is left for each kind. If there are none, the request waits for up to `waitMs`.
    Waiting consumers are served in the order in which they arrived. If the connection closes before the
    response is sent, nothing is delivered. With `after`, returns the pending entries of the consumer.
    `ack` and `nack` settle earlier entries first: in the same step if there is something to deliver at
    once, otherwise before waiting. Once they are settled, the response is a success, if necessary
    without entries. A response contains at most 16 MiB of entries, or a single larger entry, even if
    the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `ids-exhausted`,
    `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-
    found`, `too-many-waiting`.

    Scope: `consume`.

    Redis: `XREADGROUP`.

    Args:
        stream (str):
        group (str):
        body (ReadGroupRequest): Which consumer reads, and how much.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GroupRead | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
client=client,
body=body,

    )).parsed
