from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.ensured_stream import EnsuredStream
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    stream: str,
    *,
    if_none_match: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["if-none-match"] = if_none_match



    

    

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/streams/{stream}".format(stream=quote(str(stream), safe=""),),
    }


    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> EnsuredStream | Problem | None:
    if response.status_code == 200:
        response_200 = EnsuredStream.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[EnsuredStream | Problem]:
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
    if_none_match: str | Unset = UNSET,

) -> Response[EnsuredStream | Problem]:
    """ Create a stream if it does not exist

     An existing stream is not changed. With `If-None-Match: *`, the request is refused if the stream
    exists.

    Problems, besides those of any request: `limit-reached`, `outcome-unknown`, `storage-full`, `stream-
    conflict`, `stream-exists`.

    Scope: `manage`.

    Redis: `XGROUP CREATE … MKSTREAM`.

    Args:
        stream (str):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EnsuredStream | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
if_none_match=if_none_match,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    stream: str,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,

) -> EnsuredStream | Problem | None:
    """ Create a stream if it does not exist

     An existing stream is not changed. With `If-None-Match: *`, the request is refused if the stream
    exists.

    Problems, besides those of any request: `limit-reached`, `outcome-unknown`, `storage-full`, `stream-
    conflict`, `stream-exists`.

    Scope: `manage`.

    Redis: `XGROUP CREATE … MKSTREAM`.

    Args:
        stream (str):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EnsuredStream | Problem
     """


    return sync_detailed(
        stream=stream,
client=client,
if_none_match=if_none_match,

    ).parsed

async def asyncio_detailed(
    stream: str,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,

) -> Response[EnsuredStream | Problem]:
    """ Create a stream if it does not exist

     An existing stream is not changed. With `If-None-Match: *`, the request is refused if the stream
    exists.

    Problems, besides those of any request: `limit-reached`, `outcome-unknown`, `storage-full`, `stream-
    conflict`, `stream-exists`.

    Scope: `manage`.

    Redis: `XGROUP CREATE … MKSTREAM`.

    Args:
        stream (str):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EnsuredStream | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
if_none_match=if_none_match,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    stream: str,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,

) -> EnsuredStream | Problem | None:
    """ Create a stream if it does not exist

     An existing stream is not changed. With `If-None-Match: *`, the request is refused if the stream
    exists.

    Problems, besides those of any request: `limit-reached`, `outcome-unknown`, `storage-full`, `stream-
    conflict`, `stream-exists`.

    Scope: `manage`.

    Redis: `XGROUP CREATE … MKSTREAM`.

    Args:
        stream (str):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EnsuredStream | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
client=client,
if_none_match=if_none_match,

    )).parsed
