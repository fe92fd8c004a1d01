from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.stream_list import StreamList
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    prefix: str | Unset = '',
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["prefix"] = prefix

    params["limit"] = limit

    params["cursor"] = cursor


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/streams",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | StreamList | None:
    if response.status_code == 200:
        response_200 = StreamList.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | StreamList]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    prefix: str | Unset = '',
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,

) -> Response[Problem | StreamList]:
    """ List streams

     Returns a page of streams in the byte order of their names. The last page has no `cursor`.

    Scope: `read`.

    Redis: `SCAN`.

    Args:
        prefix (str | Unset):  Default: ''.
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StreamList]
     """


    kwargs = _get_kwargs(
        prefix=prefix,
limit=limit,
cursor=cursor,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    prefix: str | Unset = '',
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,

) -> Problem | StreamList | None:
    """ List streams

     Returns a page of streams in the byte order of their names. The last page has no `cursor`.

    Scope: `read`.

    Redis: `SCAN`.

    Args:
        prefix (str | Unset):  Default: ''.
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StreamList
     """


    return sync_detailed(
        client=client,
prefix=prefix,
limit=limit,
cursor=cursor,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    prefix: str | Unset = '',
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,

) -> Response[Problem | StreamList]:
    """ List streams

     Returns a page of streams in the byte order of their names. The last page has no `cursor`.

    Scope: `read`.

    Redis: `SCAN`.

    Args:
        prefix (str | Unset):  Default: ''.
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StreamList]
     """


    kwargs = _get_kwargs(
        prefix=prefix,
limit=limit,
cursor=cursor,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    prefix: str | Unset = '',
    limit: int | Unset = 100,
    cursor: str | Unset = UNSET,

) -> Problem | StreamList | None:
    """ List streams

     Returns a page of streams in the byte order of their names. The last page has no `cursor`.

    Scope: `read`.

    Redis: `SCAN`.

    Args:
        prefix (str | Unset):  Default: ''.
        limit (int | Unset):  Default: 100.
        cursor (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StreamList
     """


    return (await asyncio_detailed(
        client=client,
prefix=prefix,
limit=limit,
cursor=cursor,

    )).parsed
