from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.stream_entry import StreamEntry
from typing import cast



def _get_kwargs(
    stream: str,
    id: str,

) -> dict[str, Any]:
    

    

    

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/streams/{stream}/entries/{id}".format(stream=quote(str(stream), safe=""),id=quote(str(id), safe=""),),
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | StreamEntry | None:
    if response.status_code == 200:
        response_200 = StreamEntry.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | StreamEntry]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    stream: str,
    id: str,
    *,
    client: AuthenticatedClient,

) -> Response[Problem | StreamEntry]:
    """ Get an entry

     Returns the entry with this id.

    Problems, besides those of any request: `entry-damaged`, `entry-not-found`, `invalid-id`, `stream-
    not-found`.

    Scope: `read`.

    Redis: `XRANGE id id`.

    Args:
        stream (str):
        id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request,
            `-<seq>` may be omitted, which means 0, and at the upper end of a range the highest
            possible sequence number. A response always contains it. Example: 1767225600000-0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StreamEntry]
     """


    kwargs = _get_kwargs(
        stream=stream,
id=id,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    stream: str,
    id: str,
    *,
    client: AuthenticatedClient,

) -> Problem | StreamEntry | None:
    """ Get an entry

     Returns the entry with this id.

    Problems, besides those of any request: `entry-damaged`, `entry-not-found`, `invalid-id`, `stream-
    not-found`.

    Scope: `read`.

    Redis: `XRANGE id id`.

    Args:
        stream (str):
        id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request,
            `-<seq>` may be omitted, which means 0, and at the upper end of a range the highest
            possible sequence number. A response always contains it. Example: 1767225600000-0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StreamEntry
     """


    return sync_detailed(
        stream=stream,
id=id,
client=client,

    ).parsed

async def asyncio_detailed(
    stream: str,
    id: str,
    *,
    client: AuthenticatedClient,

) -> Response[Problem | StreamEntry]:
    """ Get an entry

     Returns the entry with this id.

    Problems, besides those of any request: `entry-damaged`, `entry-not-found`, `invalid-id`, `stream-
    not-found`.

    Scope: `read`.

    Redis: `XRANGE id id`.

    Args:
        stream (str):
        id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request,
            `-<seq>` may be omitted, which means 0, and at the upper end of a range the highest
            possible sequence number. A response always contains it. Example: 1767225600000-0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StreamEntry]
     """


    kwargs = _get_kwargs(
        stream=stream,
id=id,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    stream: str,
    id: str,
    *,
    client: AuthenticatedClient,

) -> Problem | StreamEntry | None:
    """ Get an entry

     Returns the entry with this id.

    Problems, besides those of any request: `entry-damaged`, `entry-not-found`, `invalid-id`, `stream-
    not-found`.

    Scope: `read`.

    Redis: `XRANGE id id`.

    Args:
        stream (str):
        id (str): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a request,
            `-<seq>` may be omitted, which means 0, and at the upper end of a range the highest
            possible sequence number. A response always contains it. Example: 1767225600000-0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StreamEntry
     """


    return (await asyncio_detailed(
        stream=stream,
id=id,
client=client,

    )).parsed
