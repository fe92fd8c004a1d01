from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.groups_read import GroupsRead
from ...models.problem import Problem
from ...models.read_groups_request import ReadGroupsRequest
from typing import cast



def _get_kwargs(
    group: str,
    *,
    body: ReadGroupsRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/groups/{group}/read".format(group=quote(str(group), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> GroupsRead | Problem | None:
    if response.status_code == 200:
        response_200 = GroupsRead.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[GroupsRead | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    group: str,
    *,
    client: AuthenticatedClient,
    body: ReadGroupsRequest,

) -> Response[GroupsRead | Problem]:
    """ Read the next entries of several streams as a consumer

     Like `readGroup`, but for groups of the same name on several streams. Waits until one of them has an
    entry. `ack` and `nack` stand with each stream. A response contains at most 16 MiB of entries, or a
    single larger entry, even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `ids-exhausted`,
    `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-
    found`, `too-many-waiting`.

    Scope: `consume`.

    Redis: `XREADGROUP`.

    Args:
        group (str):
        body (ReadGroupsRequest): Which consumer reads, from which streams, and how much.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GroupsRead | Problem]
     """


    kwargs = _get_kwargs(
        group=group,
body=body,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    group: str,
    *,
    client: AuthenticatedClient,
    body: ReadGroupsRequest,

) -> GroupsRead | Problem | None:
    """ Read the next entries of several streams as a consumer

     Like `readGroup`, but for groups of the same name on several streams. Waits until one of them has an
    entry. `ack` and `nack` stand with each stream. A response contains at most 16 MiB of entries, or a
    single larger entry, even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `ids-exhausted`,
    `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-
    found`, `too-many-waiting`.

    Scope: `consume`.

    Redis: `XREADGROUP`.

    Args:
        group (str):
        body (ReadGroupsRequest): Which consumer reads, from which streams, and how much.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GroupsRead | Problem
     """


    return sync_detailed(
        group=group,
client=client,
body=body,

    ).parsed

async def asyncio_detailed(
    group: str,
    *,
    client: AuthenticatedClient,
    body: ReadGroupsRequest,

) -> Response[GroupsRead | Problem]:
    """ Read the next entries of several streams as a consumer

     Like `readGroup`, but for groups of the same name on several streams. Waits until one of them has an
    entry. `ack` and `nack` stand with each stream. A response contains at most 16 MiB of entries, or a
    single larger entry, even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `ids-exhausted`,
    `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-
    found`, `too-many-waiting`.

    Scope: `consume`.

    Redis: `XREADGROUP`.

    Args:
        group (str):
        body (ReadGroupsRequest): Which consumer reads, from which streams, and how much.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GroupsRead | Problem]
     """


    kwargs = _get_kwargs(
        group=group,
body=body,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    group: str,
    *,
    client: AuthenticatedClient,
    body: ReadGroupsRequest,

) -> GroupsRead | Problem | None:
    """ Read the next entries of several streams as a consumer

     Like `readGroup`, but for groups of the same name on several streams. Waits until one of them has an
    entry. `ack` and `nack` stand with each stream. A response contains at most 16 MiB of entries, or a
    single larger entry, even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `ids-exhausted`,
    `invalid-id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-
    found`, `too-many-waiting`.

    Scope: `consume`.

    Redis: `XREADGROUP`.

    Args:
        group (str):
        body (ReadGroupsRequest): Which consumer reads, from which streams, and how much.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GroupsRead | Problem
     """


    return (await asyncio_detailed(
        group=group,
client=client,
body=body,

    )).parsed
