from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.redrive_request import RedriveRequest
from ...models.redriven import Redriven
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,
    *,
    body: RedriveRequest | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}


    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/streams/{stream}/groups/{group}/redrive".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),),
    }

    
    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | Redriven | None:
    if response.status_code == 200:
        response_200 = Redriven.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | Redriven]:
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
    body: RedriveRequest | Unset = UNSET,

) -> Response[Problem | Redriven]:
    """ Deliver dead entries again

     Makes dead entries pending again, due at once, with a delivery count of 0: first those in the group,
    and then those in the dead-letter stream of its delivery policy, from which they are deleted. If the
    group has a dead-letter stream, the request also requires the scope `manage` on that stream. To
    redrive all entries, repeat the request until `redriven` is 0.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `invalid-id`, `outcome-
    unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `manage`.

    Args:
        stream (str):
        group (str):
        body (RedriveRequest | Unset): Which dead entries to redrive.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Redriven]
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
    body: RedriveRequest | Unset = UNSET,

) -> Problem | Redriven | None:
    """ Deliver dead entries again

     Makes dead entries pending again, due at once, with a delivery count of 0: first those in the group,
    and then those in the dead-letter stream of its delivery policy, from which they are deleted. If the
    group has a dead-letter stream, the request also requires the scope `manage` on that stream. To
    redrive all entries, repeat the request until `redriven` is 0.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `invalid-id`, `outcome-
    unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `manage`.

    Args:
        stream (str):
        group (str):
        body (RedriveRequest | Unset): Which dead entries to redrive.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Redriven
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
    body: RedriveRequest | Unset = UNSET,

) -> Response[Problem | Redriven]:
    """ Deliver dead entries again

     Makes dead entries pending again, due at once, with a delivery count of 0: first those in the group,
    and then those in the dead-letter stream of its delivery policy, from which they are deleted. If the
    group has a dead-letter stream, the request also requires the scope `manage` on that stream. To
    redrive all entries, repeat the request until `redriven` is 0.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `invalid-id`, `outcome-
    unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `manage`.

    Args:
        stream (str):
        group (str):
        body (RedriveRequest | Unset): Which dead entries to redrive.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Redriven]
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
    body: RedriveRequest | Unset = UNSET,

) -> Problem | Redriven | None:
    """ Deliver dead entries again

     Makes dead entries pending again, due at once, with a delivery count of 0: first those in the group,
    and then those in the dead-letter stream of its delivery policy, from which they are deleted. If the
    group has a dead-letter stream, the request also requires the scope `manage` on that stream. To
    redrive all entries, repeat the request until `redriven` is 0.

    Problems, besides those of any request: `entry-damaged`, `group-not-found`, `invalid-id`, `outcome-
    unknown`, `storage-full`, `stream-conflict`, `stream-not-found`.

    Scope: `manage`.

    Args:
        stream (str):
        group (str):
        body (RedriveRequest | Unset): Which dead entries to redrive.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Redriven
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
client=client,
body=body,

    )).parsed
