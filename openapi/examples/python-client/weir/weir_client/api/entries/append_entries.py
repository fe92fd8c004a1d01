from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.append_entries_request import AppendEntriesRequest
from ...models.appended_ids import AppendedIds
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    stream: str,
    *,
    body: AppendEntriesRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/streams/{stream}/entries".format(stream=quote(str(stream), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> AppendedIds | Problem | None:
    if response.status_code == 201:
        response_201 = AppendedIds.from_dict(response.json())



        return response_201

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[AppendedIds | Problem]:
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
    body: AppendEntriesRequest,

) -> Response[AppendedIds | Problem]:
    """ Append entries

     Appends all of the entries or none. A successful response means that they are stored. `trim` removes
    old entries in the same step. It requires the scope `manage`, and so does an id more than a day in
    the future.

    Problems, besides those of any request: `id-not-greater`, `ids-exhausted`, `invalid-id`, `limit-
    reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `append`.

    Redis: `XADD`, with `NOMKSTREAM`, `MAXLEN` and `MINID`.

    Args:
        stream (str):
        body (AppendEntriesRequest): Entries to append: all of them or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AppendedIds | Problem]
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
    body: AppendEntriesRequest,

) -> AppendedIds | Problem | None:
    """ Append entries

     Appends all of the entries or none. A successful response means that they are stored. `trim` removes
    old entries in the same step. It requires the scope `manage`, and so does an id more than a day in
    the future.

    Problems, besides those of any request: `id-not-greater`, `ids-exhausted`, `invalid-id`, `limit-
    reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `append`.

    Redis: `XADD`, with `NOMKSTREAM`, `MAXLEN` and `MINID`.

    Args:
        stream (str):
        body (AppendEntriesRequest): Entries to append: all of them or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AppendedIds | Problem
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
    body: AppendEntriesRequest,

) -> Response[AppendedIds | Problem]:
    """ Append entries

     Appends all of the entries or none. A successful response means that they are stored. `trim` removes
    old entries in the same step. It requires the scope `manage`, and so does an id more than a day in
    the future.

    Problems, besides those of any request: `id-not-greater`, `ids-exhausted`, `invalid-id`, `limit-
    reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `append`.

    Redis: `XADD`, with `NOMKSTREAM`, `MAXLEN` and `MINID`.

    Args:
        stream (str):
        body (AppendEntriesRequest): Entries to append: all of them or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AppendedIds | Problem]
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
    body: AppendEntriesRequest,

) -> AppendedIds | Problem | None:
    """ Append entries

     Appends all of the entries or none. A successful response means that they are stored. `trim` removes
    old entries in the same step. It requires the scope `manage`, and so does an id more than a day in
    the future.

    Problems, besides those of any request: `id-not-greater`, `ids-exhausted`, `invalid-id`, `limit-
    reached`, `outcome-unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `append`.

    Redis: `XADD`, with `NOMKSTREAM`, `MAXLEN` and `MINID`.

    Args:
        stream (str):
        body (AppendEntriesRequest): Entries to append: all of them or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AppendedIds | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
client=client,
body=body,

    )).parsed
