from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.read_streams_request import ReadStreamsRequest
from ...models.streams_read import StreamsRead
from typing import cast



def _get_kwargs(
    *,
    body: ReadStreamsRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/read",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | StreamsRead | None:
    if response.status_code == 200:
        response_200 = StreamsRead.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | StreamsRead]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ReadStreamsRequest,

) -> Response[Problem | StreamsRead]:
    """ Read several streams

     Returns the entries after a given position in each stream. With `waitMs`, waits until one of the
    streams has an entry. The response contains every stream of the request, in the same order, and
    where to continue in it. A response contains at most 16 MiB of entries, or a single larger entry,
    even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XREAD`.

    Args:
        body (ReadStreamsRequest): Streams to read, and where to start.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StreamsRead]
     """


    kwargs = _get_kwargs(
        body=body,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    body: ReadStreamsRequest,

) -> Problem | StreamsRead | None:
    """ Read several streams

     Returns the entries after a given position in each stream. With `waitMs`, waits until one of the
    streams has an entry. The response contains every stream of the request, in the same order, and
    where to continue in it. A response contains at most 16 MiB of entries, or a single larger entry,
    even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XREAD`.

    Args:
        body (ReadStreamsRequest): Streams to read, and where to start.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StreamsRead
     """


    return sync_detailed(
        client=client,
body=body,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ReadStreamsRequest,

) -> Response[Problem | StreamsRead]:
    """ Read several streams

     Returns the entries after a given position in each stream. With `waitMs`, waits until one of the
    streams has an entry. The response contains every stream of the request, in the same order, and
    where to continue in it. A response contains at most 16 MiB of entries, or a single larger entry,
    even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XREAD`.

    Args:
        body (ReadStreamsRequest): Streams to read, and where to start.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StreamsRead]
     """


    kwargs = _get_kwargs(
        body=body,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ReadStreamsRequest,

) -> Problem | StreamsRead | None:
    """ Read several streams

     Returns the entries after a given position in each stream. With `waitMs`, waits until one of the
    streams has an entry. The response contains every stream of the request, in the same order, and
    where to continue in it. A response contains at most 16 MiB of entries, or a single larger entry,
    even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XREAD`.

    Args:
        body (ReadStreamsRequest): Streams to read, and where to start.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StreamsRead
     """


    return (await asyncio_detailed(
        client=client,
body=body,

    )).parsed
