from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.ack_request import AckRequest
from ...models.acked import Acked
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,
    *,
    body: AckRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/streams/{stream}/groups/{group}/ack".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Acked | Problem | None:
    if response.status_code == 200:
        response_200 = Acked.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Acked | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    body: AckRequest,

) -> Response[Acked | Problem]:
    """ Ack entries

     Removes the entries from the pending list, or from the dead entries. With `consumer`, removes only
    those still pending for that consumer, and dead ones that it received last: an entry that another
    consumer has received since stays pending.

    Problems, besides those of any request: `group-not-found`, `invalid-id`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XACK`.

    Args:
        stream (str):
        group (str):
        body (AckRequest): Entries to ack.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Acked | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
body=body,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    body: AckRequest,

) -> Acked | Problem | None:
    """ Ack entries

     Removes the entries from the pending list, or from the dead entries. With `consumer`, removes only
    those still pending for that consumer, and dead ones that it received last: an entry that another
    consumer has received since stays pending.

    Problems, besides those of any request: `group-not-found`, `invalid-id`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XACK`.

    Args:
        stream (str):
        group (str):
        body (AckRequest): Entries to ack.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Acked | Problem
     """


    return sync_detailed(
        stream=stream,
group=group,
client=client,
body=body,

    ).parsed

async def asyncio_detailed(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    body: AckRequest,

) -> Response[Acked | Problem]:
    """ Ack entries

     Removes the entries from the pending list, or from the dead entries. With `consumer`, removes only
    those still pending for that consumer, and dead ones that it received last: an entry that another
    consumer has received since stays pending.

    Problems, besides those of any request: `group-not-found`, `invalid-id`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XACK`.

    Args:
        stream (str):
        group (str):
        body (AckRequest): Entries to ack.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Acked | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
body=body,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    body: AckRequest,

) -> Acked | Problem | None:
    """ Ack entries

     Removes the entries from the pending list, or from the dead entries. With `consumer`, removes only
    those still pending for that consumer, and dead ones that it received last: an entry that another
    consumer has received since stays pending.

    Problems, besides those of any request: `group-not-found`, `invalid-id`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XACK`.

    Args:
        stream (str):
        group (str):
        body (AckRequest): Entries to ack.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Acked | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
client=client,
body=body,

    )).parsed
