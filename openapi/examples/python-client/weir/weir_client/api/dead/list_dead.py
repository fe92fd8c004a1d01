from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.dead_list import DeadList
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,
    *,
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/streams/{stream}/groups/{group}/dead".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DeadList | Problem | None:
    if response.status_code == 200:
        response_200 = DeadList.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[DeadList | Problem]:
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
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,

) -> Response[DeadList | Problem]:
    """ List dead entries

     Returns a page of the dead entries of the group, in the order of their ids. The last page has no
    `cursor`. Entries that were moved to a dead-letter stream are not in the list: read that stream
    instead. A response contains at most 16 MiB of entries, or a single larger entry, even if the
    request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `stream-not-found`.

    Scope: `read`.

    Args:
        stream (str):
        group (str):
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeadList | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
limit=limit,
cursor=cursor,

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
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,

) -> DeadList | Problem | None:
    """ List dead entries

     Returns a page of the dead entries of the group, in the order of their ids. The last page has no
    `cursor`. Entries that were moved to a dead-letter stream are not in the list: read that stream
    instead. A response contains at most 16 MiB of entries, or a single larger entry, even if the
    request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `stream-not-found`.

    Scope: `read`.

    Args:
        stream (str):
        group (str):
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeadList | Problem
     """


    return sync_detailed(
        stream=stream,
group=group,
client=client,
limit=limit,
cursor=cursor,

    ).parsed

async def asyncio_detailed(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,

) -> Response[DeadList | Problem]:
    """ List dead entries

     Returns a page of the dead entries of the group, in the order of their ids. The last page has no
    `cursor`. Entries that were moved to a dead-letter stream are not in the list: read that stream
    instead. A response contains at most 16 MiB of entries, or a single larger entry, even if the
    request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `stream-not-found`.

    Scope: `read`.

    Args:
        stream (str):
        group (str):
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeadList | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
limit=limit,
cursor=cursor,

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
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,

) -> DeadList | Problem | None:
    """ List dead entries

     Returns a page of the dead entries of the group, in the order of their ids. The last page has no
    `cursor`. Entries that were moved to a dead-letter stream are not in the list: read that stream
    instead. A response contains at most 16 MiB of entries, or a single larger entry, even if the
    request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `stream-not-found`.

    Scope: `read`.

    Args:
        stream (str):
        group (str):
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeadList | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
client=client,
limit=limit,
cursor=cursor,

    )).parsed
