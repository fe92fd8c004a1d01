from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.deleted import Deleted
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    stream: str,

) -> dict[str, Any]:
    

    

    

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/v1/streams/{stream}".format(stream=quote(str(stream), safe=""),),
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Deleted | Problem | None:
    if response.status_code == 200:
        response_200 = Deleted.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Deleted | Problem]:
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

) -> Response[Deleted | Problem]:
    """ Delete a stream

     Also deletes its entries and groups. Waiting readers are refused with `stream-not-found`.

    Problems, besides those of any request: `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `DEL`.

    Args:
        stream (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deleted | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    stream: str,
    *,
    client: AuthenticatedClient,

) -> Deleted | Problem | None:
    """ Delete a stream

     Also deletes its entries and groups. Waiting readers are refused with `stream-not-found`.

    Problems, besides those of any request: `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `DEL`.

    Args:
        stream (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deleted | Problem
     """


    return sync_detailed(
        stream=stream,
client=client,

    ).parsed

async def asyncio_detailed(
    stream: str,
    *,
    client: AuthenticatedClient,

) -> Response[Deleted | Problem]:
    """ Delete a stream

     Also deletes its entries and groups. Waiting readers are refused with `stream-not-found`.

    Problems, besides those of any request: `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `DEL`.

    Args:
        stream (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deleted | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    stream: str,
    *,
    client: AuthenticatedClient,

) -> Deleted | Problem | None:
    """ Delete a stream

     Also deletes its entries and groups. Waiting readers are refused with `stream-not-found`.

    Problems, besides those of any request: `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `DEL`.

    Args:
        stream (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deleted | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
client=client,

    )).parsed
