from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.trim_stream_request import TrimStreamRequest
from ...models.trimmed import Trimmed
from typing import cast



def _get_kwargs(
    stream: str,
    *,
    body: TrimStreamRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/streams/{stream}/trim".format(stream=quote(str(stream), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | Trimmed | None:
    if response.status_code == 200:
        response_200 = Trimmed.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | Trimmed]:
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
    body: TrimStreamRequest,

) -> Response[Problem | Trimmed]:
    """ Remove old entries

     Removes the oldest entries and keeps those that `maxLength` or `minId` selects. Pending entries stay
    pending.

    Problems, besides those of any request: `invalid-id`, `outcome-unknown`, `storage-full`, `stream-
    not-found`.

    Scope: `manage`.

    Redis: `XTRIM`.

    Args:
        stream (str):
        body (TrimStreamRequest): What to keep: set either `maxLength` or `minId`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Trimmed]
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
    body: TrimStreamRequest,

) -> Problem | Trimmed | None:
    """ Remove old entries

     Removes the oldest entries and keeps those that `maxLength` or `minId` selects. Pending entries stay
    pending.

    Problems, besides those of any request: `invalid-id`, `outcome-unknown`, `storage-full`, `stream-
    not-found`.

    Scope: `manage`.

    Redis: `XTRIM`.

    Args:
        stream (str):
        body (TrimStreamRequest): What to keep: set either `maxLength` or `minId`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Trimmed
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
    body: TrimStreamRequest,

) -> Response[Problem | Trimmed]:
    """ Remove old entries

     Removes the oldest entries and keeps those that `maxLength` or `minId` selects. Pending entries stay
    pending.

    Problems, besides those of any request: `invalid-id`, `outcome-unknown`, `storage-full`, `stream-
    not-found`.

    Scope: `manage`.

    Redis: `XTRIM`.

    Args:
        stream (str):
        body (TrimStreamRequest): What to keep: set either `maxLength` or `minId`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Trimmed]
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
    body: TrimStreamRequest,

) -> Problem | Trimmed | None:
    """ Remove old entries

     Removes the oldest entries and keeps those that `maxLength` or `minId` selects. Pending entries stay
    pending.

    Problems, besides those of any request: `invalid-id`, `outcome-unknown`, `storage-full`, `stream-
    not-found`.

    Scope: `manage`.

    Redis: `XTRIM`.

    Args:
        stream (str):
        body (TrimStreamRequest): What to keep: set either `maxLength` or `minId`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Trimmed
     """


    return (await asyncio_detailed(
        stream=stream,
client=client,
body=body,

    )).parsed
