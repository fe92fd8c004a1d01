from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.group_info import GroupInfo
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,

) -> dict[str, Any]:
    

    

    

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/streams/{stream}/groups/{group}".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),),
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> GroupInfo | Problem | None:
    if response.status_code == 200:
        response_200 = GroupInfo.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[GroupInfo | Problem]:
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

) -> Response[GroupInfo | Problem]:
    """ Get a group

     Returns the position of the group in the stream, how many entries are pending, dead or still to be
    delivered, and the delivery policy.

    Problems, besides those of any request: `group-not-found`, `stream-not-found`.

    Scope: `read`.

    Redis: `XINFO GROUPS`.

    Args:
        stream (str):
        group (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GroupInfo | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,

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

) -> GroupInfo | Problem | None:
    """ Get a group

     Returns the position of the group in the stream, how many entries are pending, dead or still to be
    delivered, and the delivery policy.

    Problems, besides those of any request: `group-not-found`, `stream-not-found`.

    Scope: `read`.

    Redis: `XINFO GROUPS`.

    Args:
        stream (str):
        group (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GroupInfo | Problem
     """


    return sync_detailed(
        stream=stream,
group=group,
client=client,

    ).parsed

async def asyncio_detailed(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,

) -> Response[GroupInfo | Problem]:
    """ Get a group

     Returns the position of the group in the stream, how many entries are pending, dead or still to be
    delivered, and the delivery policy.

    Problems, besides those of any request: `group-not-found`, `stream-not-found`.

    Scope: `read`.

    Redis: `XINFO GROUPS`.

    Args:
        stream (str):
        group (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GroupInfo | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,

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

) -> GroupInfo | Problem | None:
    """ Get a group

     Returns the position of the group in the stream, how many entries are pending, dead or still to be
    delivered, and the delivery policy.

    Problems, besides those of any request: `group-not-found`, `stream-not-found`.

    Scope: `read`.

    Redis: `XINFO GROUPS`.

    Args:
        stream (str):
        group (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GroupInfo | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
client=client,

    )).parsed
