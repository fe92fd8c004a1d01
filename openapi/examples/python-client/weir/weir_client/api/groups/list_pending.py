from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.pending_list import PendingList
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,
    *,
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    to: str | Unset = UNSET,
    before: str | Unset = UNSET,
    limit: int | Unset = 100,
    consumer: str | Unset = UNSET,
    min_idle_ms: int | Unset = 0,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["from"] = from_

    params["after"] = after

    params["to"] = to

    params["before"] = before

    params["limit"] = limit

    params["consumer"] = consumer

    params["minIdleMs"] = min_idle_ms


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/streams/{stream}/groups/{group}/pending".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PendingList | Problem | None:
    if response.status_code == 200:
        response_200 = PendingList.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PendingList | Problem]:
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
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    to: str | Unset = UNSET,
    before: str | Unset = UNSET,
    limit: int | Unset = 100,
    consumer: str | Unset = UNSET,
    min_idle_ms: int | Unset = 0,

) -> Response[PendingList | Problem]:
    """ List pending entries

     Returns a page of pending entries in the order of their ids. For the next page, send the last id of
    this one as `after`. The page is empty for a consumer that the group does not have.

    Problems, besides those of any request: `group-not-found`, `invalid-id`, `stream-not-found`.

    Scope: `read`.

    Redis: `XPENDING`, long form.

    Args:
        stream (str):
        group (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        to (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        before (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        limit (int | Unset):  Default: 100.
        consumer (str | Unset):
        min_idle_ms (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PendingList | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
from_=from_,
after=after,
to=to,
before=before,
limit=limit,
consumer=consumer,
min_idle_ms=min_idle_ms,

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
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    to: str | Unset = UNSET,
    before: str | Unset = UNSET,
    limit: int | Unset = 100,
    consumer: str | Unset = UNSET,
    min_idle_ms: int | Unset = 0,

) -> PendingList | Problem | None:
    """ List pending entries

     Returns a page of pending entries in the order of their ids. For the next page, send the last id of
    this one as `after`. The page is empty for a consumer that the group does not have.

    Problems, besides those of any request: `group-not-found`, `invalid-id`, `stream-not-found`.

    Scope: `read`.

    Redis: `XPENDING`, long form.

    Args:
        stream (str):
        group (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        to (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        before (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        limit (int | Unset):  Default: 100.
        consumer (str | Unset):
        min_idle_ms (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PendingList | Problem
     """


    return sync_detailed(
        stream=stream,
group=group,
client=client,
from_=from_,
after=after,
to=to,
before=before,
limit=limit,
consumer=consumer,
min_idle_ms=min_idle_ms,

    ).parsed

async def asyncio_detailed(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    to: str | Unset = UNSET,
    before: str | Unset = UNSET,
    limit: int | Unset = 100,
    consumer: str | Unset = UNSET,
    min_idle_ms: int | Unset = 0,

) -> Response[PendingList | Problem]:
    """ List pending entries

     Returns a page of pending entries in the order of their ids. For the next page, send the last id of
    this one as `after`. The page is empty for a consumer that the group does not have.

    Problems, besides those of any request: `group-not-found`, `invalid-id`, `stream-not-found`.

    Scope: `read`.

    Redis: `XPENDING`, long form.

    Args:
        stream (str):
        group (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        to (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        before (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        limit (int | Unset):  Default: 100.
        consumer (str | Unset):
        min_idle_ms (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PendingList | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
from_=from_,
after=after,
to=to,
before=before,
limit=limit,
consumer=consumer,
min_idle_ms=min_idle_ms,

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
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    to: str | Unset = UNSET,
    before: str | Unset = UNSET,
    limit: int | Unset = 100,
    consumer: str | Unset = UNSET,
    min_idle_ms: int | Unset = 0,

) -> PendingList | Problem | None:
    """ List pending entries

     Returns a page of pending entries in the order of their ids. For the next page, send the last id of
    this one as `after`. The page is empty for a consumer that the group does not have.

    Problems, besides those of any request: `group-not-found`, `invalid-id`, `stream-not-found`.

    Scope: `read`.

    Redis: `XPENDING`, long form.

    Args:
        stream (str):
        group (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        to (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        before (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        limit (int | Unset):  Default: 100.
        consumer (str | Unset):
        min_idle_ms (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PendingList | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
client=client,
from_=from_,
after=after,
to=to,
before=before,
limit=limit,
consumer=consumer,
min_idle_ms=min_idle_ms,

    )).parsed
