from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.claim_request import ClaimRequest
from ...models.claimed import Claimed
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,
    *,
    body: ClaimRequest,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/streams/{stream}/groups/{group}/claim".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Claimed | Problem | None:
    if response.status_code == 200:
        response_200 = Claimed.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Claimed | Problem]:
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
    body: ClaimRequest,

) -> Response[Claimed | Problem]:
    """ Claim pending entries by id

     Assigns the entries to the consumer, whichever consumer they are pending for now, if they have been
    idle for at least `minIdleMs`. Dead entries and delayed ones are not claimed. In a group with
    `maxDeliveries`, a claim counts as a failed delivery, and an entry without deliveries left is dead
    instead of claimed. A response contains at most 16 MiB of entries, or a single larger entry. Ids
    that do not fit are not claimed and are in neither list.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `id-too-high`, `invalid-
    id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XCLAIM`.

    Args:
        stream (str):
        group (str):
        body (ClaimRequest): Entries to claim.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Claimed | Problem]
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
    body: ClaimRequest,

) -> Claimed | Problem | None:
    """ Claim pending entries by id

     Assigns the entries to the consumer, whichever consumer they are pending for now, if they have been
    idle for at least `minIdleMs`. Dead entries and delayed ones are not claimed. In a group with
    `maxDeliveries`, a claim counts as a failed delivery, and an entry without deliveries left is dead
    instead of claimed. A response contains at most 16 MiB of entries, or a single larger entry. Ids
    that do not fit are not claimed and are in neither list.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `id-too-high`, `invalid-
    id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XCLAIM`.

    Args:
        stream (str):
        group (str):
        body (ClaimRequest): Entries to claim.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Claimed | Problem
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
    body: ClaimRequest,

) -> Response[Claimed | Problem]:
    """ Claim pending entries by id

     Assigns the entries to the consumer, whichever consumer they are pending for now, if they have been
    idle for at least `minIdleMs`. Dead entries and delayed ones are not claimed. In a group with
    `maxDeliveries`, a claim counts as a failed delivery, and an entry without deliveries left is dead
    instead of claimed. A response contains at most 16 MiB of entries, or a single larger entry. Ids
    that do not fit are not claimed and are in neither list.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `id-too-high`, `invalid-
    id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XCLAIM`.

    Args:
        stream (str):
        group (str):
        body (ClaimRequest): Entries to claim.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Claimed | Problem]
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
    body: ClaimRequest,

) -> Claimed | Problem | None:
    """ Claim pending entries by id

     Assigns the entries to the consumer, whichever consumer they are pending for now, if they have been
    idle for at least `minIdleMs`. Dead entries and delayed ones are not claimed. In a group with
    `maxDeliveries`, a claim counts as a failed delivery, and an entry without deliveries left is dead
    instead of claimed. A response contains at most 16 MiB of entries, or a single larger entry. Ids
    that do not fit are not claimed and are in neither list.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `id-too-high`, `invalid-
    id`, `limit-reached`, `outcome-unknown`, `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XCLAIM`.

    Args:
        stream (str):
        group (str):
        body (ClaimRequest): Entries to claim.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Claimed | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
client=client,
body=body,

    )).parsed
