from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.stream_description import StreamDescription
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    stream: str,
    *,
    limit: int | Unset = 10,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["limit"] = limit


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/streams/{stream}/full".format(stream=quote(str(stream), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | StreamDescription | None:
    if response.status_code == 200:
        response_200 = StreamDescription.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | StreamDescription]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    stream: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,

) -> Response[Problem | StreamDescription]:
    """ Get a stream with all its details

     Returns the stream with its entries, its groups, and their consumers and pending entries. Each list
    contains at most `limit` items. A response contains at most 5000 items in total and at most 16 MiB.
    `truncated` shows whether these limits shortened it further. The operations that list entries,
    groups, consumers and pending entries return pages.

    Problems, besides those of any request: `entry-damaged`, `stream-not-found`.

    Scope: `read`.

    Redis: `XINFO STREAM … FULL`.

    Args:
        stream (str):
        limit (int | Unset):  Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StreamDescription]
     """


    kwargs = _get_kwargs(
        stream=stream,
limit=limit,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    stream: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,

) -> Problem | StreamDescription | None:
    """ Get a stream with all its details

     Returns the stream with its entries, its groups, and their consumers and pending entries. Each list
    contains at most `limit` items. A response contains at most 5000 items in total and at most 16 MiB.
    `truncated` shows whether these limits shortened it further. The operations that list entries,
    groups, consumers and pending entries return pages.

    Problems, besides those of any request: `entry-damaged`, `stream-not-found`.

    Scope: `read`.

    Redis: `XINFO STREAM … FULL`.

    Args:
        stream (str):
        limit (int | Unset):  Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StreamDescription
     """


    return sync_detailed(
        stream=stream,
client=client,
limit=limit,

    ).parsed

async def asyncio_detailed(
    stream: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,

) -> Response[Problem | StreamDescription]:
    """ Get a stream with all its details

     Returns the stream with its entries, its groups, and their consumers and pending entries. Each list
    contains at most `limit` items. A response contains at most 5000 items in total and at most 16 MiB.
    `truncated` shows whether these limits shortened it further. The operations that list entries,
    groups, consumers and pending entries return pages.

    Problems, besides those of any request: `entry-damaged`, `stream-not-found`.

    Scope: `read`.

    Redis: `XINFO STREAM … FULL`.

    Args:
        stream (str):
        limit (int | Unset):  Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StreamDescription]
     """


    kwargs = _get_kwargs(
        stream=stream,
limit=limit,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    stream: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,

) -> Problem | StreamDescription | None:
    """ Get a stream with all its details

     Returns the stream with its entries, its groups, and their consumers and pending entries. Each list
    contains at most `limit` items. A response contains at most 5000 items in total and at most 16 MiB.
    `truncated` shows whether these limits shortened it further. The operations that list entries,
    groups, consumers and pending entries return pages.

    Problems, besides those of any request: `entry-damaged`, `stream-not-found`.

    Scope: `read`.

    Redis: `XINFO STREAM … FULL`.

    Args:
        stream (str):
        limit (int | Unset):  Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StreamDescription
     """


    return (await asyncio_detailed(
        stream=stream,
client=client,
limit=limit,

    )).parsed
