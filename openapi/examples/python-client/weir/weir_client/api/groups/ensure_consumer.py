from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.ensured_consumer import EnsuredConsumer
from ...models.problem import Problem
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,
    consumer: str,

) -> dict[str, Any]:
    

    

    

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/streams/{stream}/groups/{group}/consumers/{consumer}".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),consumer=quote(str(consumer), safe=""),),
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> EnsuredConsumer | Problem | None:
    if response.status_code == 200:
        response_200 = EnsuredConsumer.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[EnsuredConsumer | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    stream: str,
    group: str,
    consumer: str,
    *,
    client: AuthenticatedClient,

) -> Response[EnsuredConsumer | Problem]:
    """ Create a consumer if it does not exist

     Rarely needed, because reading and claiming also create the consumer.

    Problems, besides those of any request: `group-not-found`, `limit-reached`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XGROUP CREATECONSUMER`.

    Args:
        stream (str):
        group (str):
        consumer (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EnsuredConsumer | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
consumer=consumer,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    stream: str,
    group: str,
    consumer: str,
    *,
    client: AuthenticatedClient,

) -> EnsuredConsumer | Problem | None:
    """ Create a consumer if it does not exist

     Rarely needed, because reading and claiming also create the consumer.

    Problems, besides those of any request: `group-not-found`, `limit-reached`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XGROUP CREATECONSUMER`.

    Args:
        stream (str):
        group (str):
        consumer (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EnsuredConsumer | Problem
     """


    return sync_detailed(
        stream=stream,
group=group,
consumer=consumer,
client=client,

    ).parsed

async def asyncio_detailed(
    stream: str,
    group: str,
    consumer: str,
    *,
    client: AuthenticatedClient,

) -> Response[EnsuredConsumer | Problem]:
    """ Create a consumer if it does not exist

     Rarely needed, because reading and claiming also create the consumer.

    Problems, besides those of any request: `group-not-found`, `limit-reached`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XGROUP CREATECONSUMER`.

    Args:
        stream (str):
        group (str):
        consumer (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EnsuredConsumer | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
consumer=consumer,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    stream: str,
    group: str,
    consumer: str,
    *,
    client: AuthenticatedClient,

) -> EnsuredConsumer | Problem | None:
    """ Create a consumer if it does not exist

     Rarely needed, because reading and claiming also create the consumer.

    Problems, besides those of any request: `group-not-found`, `limit-reached`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `consume`.

    Redis: `XGROUP CREATECONSUMER`.

    Args:
        stream (str):
        group (str):
        consumer (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EnsuredConsumer | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
consumer=consumer,
client=client,

    )).parsed
