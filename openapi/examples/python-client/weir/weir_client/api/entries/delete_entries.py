from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.delete_entries_request import DeleteEntriesRequest
from ...models.deleted_entries import DeletedEntries
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    stream: str,
    *,
    body: DeleteEntriesRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/streams/{stream}/entries/delete".format(stream=quote(str(stream), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DeletedEntries | Problem | None:
    if response.status_code == 200:
        response_200 = DeletedEntries.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[DeletedEntries | Problem]:
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
    body: DeleteEntriesRequest,

) -> Response[DeletedEntries | Problem]:
    """ Delete entries by id

     A deleted entry that is pending stays pending, and is delivered again with `fields: null`.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `outcome-unknown`, `storage-
    full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XDEL`.

    Args:
        stream (str):
        body (DeleteEntriesRequest): Entries to delete.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeletedEntries | Problem]
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
    body: DeleteEntriesRequest,

) -> DeletedEntries | Problem | None:
    """ Delete entries by id

     A deleted entry that is pending stays pending, and is delivered again with `fields: null`.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `outcome-unknown`, `storage-
    full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XDEL`.

    Args:
        stream (str):
        body (DeleteEntriesRequest): Entries to delete.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeletedEntries | Problem
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
    body: DeleteEntriesRequest,

) -> Response[DeletedEntries | Problem]:
    """ Delete entries by id

     A deleted entry that is pending stays pending, and is delivered again with `fields: null`.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `outcome-unknown`, `storage-
    full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XDEL`.

    Args:
        stream (str):
        body (DeleteEntriesRequest): Entries to delete.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeletedEntries | Problem]
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
    body: DeleteEntriesRequest,

) -> DeletedEntries | Problem | None:
    """ Delete entries by id

     A deleted entry that is pending stays pending, and is delivered again with `fields: null`.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `outcome-unknown`, `storage-
    full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XDEL`.

    Args:
        stream (str):
        body (DeleteEntriesRequest): Entries to delete.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeletedEntries | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
client=client,
body=body,

    )).parsed
