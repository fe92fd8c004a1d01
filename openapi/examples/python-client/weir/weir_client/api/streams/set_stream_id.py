from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.set_stream_id_request import SetStreamIdRequest
from ...models.stream_info import StreamInfo
from typing import cast



def _get_kwargs(
    stream: str,
    *,
    body: SetStreamIdRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/v1/streams/{stream}".format(stream=quote(str(stream), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | StreamInfo | None:
    if response.status_code == 200:
        response_200 = StreamInfo.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | StreamInfo]:
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
    body: SetStreamIdRequest,

) -> Response[Problem | StreamInfo]:
    """ Set the last id of a stream

     For a stream that was copied from another server: new entries get ids after `lastId`.

    Problems, besides those of any request: `id-not-greater`, `invalid-id`, `outcome-unknown`, `storage-
    full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XSETID`.

    Args:
        stream (str):
        body (SetStreamIdRequest): The new last id and counters of the stream.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StreamInfo]
     """


    kwargs = _get_kwargs(
        stream=stream,
body=body,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    stream: str,
    *,
    client: AuthenticatedClient,
    body: SetStreamIdRequest,

) -> Problem | StreamInfo | None:
    """ Set the last id of a stream

     For a stream that was copied from another server: new entries get ids after `lastId`.

    Problems, besides those of any request: `id-not-greater`, `invalid-id`, `outcome-unknown`, `storage-
    full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XSETID`.

    Args:
        stream (str):
        body (SetStreamIdRequest): The new last id and counters of the stream.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StreamInfo
     """


    return sync_detailed(
        stream=stream,
client=client,
body=body,

    ).parsed

async def asyncio_detailed(
    stream: str,
    *,
    client: AuthenticatedClient,
    body: SetStreamIdRequest,

) -> Response[Problem | StreamInfo]:
    """ Set the last id of a stream

     For a stream that was copied from another server: new entries get ids after `lastId`.

    Problems, besides those of any request: `id-not-greater`, `invalid-id`, `outcome-unknown`, `storage-
    full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XSETID`.

    Args:
        stream (str):
        body (SetStreamIdRequest): The new last id and counters of the stream.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StreamInfo]
     """


    kwargs = _get_kwargs(
        stream=stream,
body=body,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    stream: str,
    *,
    client: AuthenticatedClient,
    body: SetStreamIdRequest,

) -> Problem | StreamInfo | None:
    """ Set the last id of a stream

     For a stream that was copied from another server: new entries get ids after `lastId`.

    Problems, besides those of any request: `id-not-greater`, `invalid-id`, `outcome-unknown`, `storage-
    full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XSETID`.

    Args:
        stream (str):
        body (SetStreamIdRequest): The new last id and counters of the stream.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StreamInfo
     """


    return (await asyncio_detailed(
        stream=stream,
client=client,
body=body,

    )).parsed
