from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    stream: str,
    *,
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
    last_event_id_query: str | Unset = UNSET,
    last_event_id_header: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(last_event_id_header, Unset):
        headers["last-event-id"] = last_event_id_header



    

    params: dict[str, Any] = {}

    params["from"] = from_

    params["after"] = after

    params["limit"] = limit

    params["lastEventId"] = last_event_id_query


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/streams/{stream}/tail".format(stream=quote(str(stream), safe=""),),
        "params": params,
    }


    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | str | None:
    if response.status_code == 200:
        response_200 = response.text
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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | str]:
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
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
    last_event_id_query: str | Unset = UNSET,
    last_event_id_header: str | Unset = UNSET,

) -> Response[Problem | str]:
    """ Follow a stream

     Sends the entries of the stream, and then new entries as they are appended, as server-sent events.
    The `id` of an
    event is the id of the entry, and its `data` is the entry as JSON. The response ends when the client
    disconnects or
    the server shuts down. A browser that loses its connection reconnects with `Last-Event-ID` and
    continues after it;
    some polyfills send the parameter `lastEventId` instead. An empty value is ignored. With
    `after=last`, the response
    starts with an `id` without data, so that reconnecting also works before the first event. After 15
    seconds without
    an event, the server sends a comment. A tail counts as a waiting reader for as long as it is open,
    and pauses while
    the client does not read. If it cannot continue, for example because the stream was deleted, its
    last event is a
    `problem`, with the problem as `data`. A client with a timeout for the whole response should call
    `listEntries`
    with `waitMs` instead.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XREAD BLOCK` in a loop.

    Args:
        stream (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset):
        limit (int | Unset):  Default: 100.
        last_event_id_query (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit
            integers. In a request, `-<seq>` may be omitted, which means 0, and at the upper end of a
            range the highest possible sequence number. A response always contains it. Example:
            1767225600000-0.
        last_event_id_header (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit
            integers. In a request, `-<seq>` may be omitted, which means 0, and at the upper end of a
            range the highest possible sequence number. A response always contains it. Example:
            1767225600000-0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
     """


    kwargs = _get_kwargs(
        stream=stream,
from_=from_,
after=after,
limit=limit,
last_event_id_query=last_event_id_query,
last_event_id_header=last_event_id_header,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    stream: str,
    *,
    client: AuthenticatedClient,
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
    last_event_id_query: str | Unset = UNSET,
    last_event_id_header: str | Unset = UNSET,

) -> Problem | str | None:
    """ Follow a stream

     Sends the entries of the stream, and then new entries as they are appended, as server-sent events.
    The `id` of an
    event is the id of the entry, and its `data` is the entry as JSON. The response ends when the client
    disconnects or
    the server shuts down. A browser that loses its connection reconnects with `Last-Event-ID` and
    continues after it;
    some polyfills send the parameter `lastEventId` instead. An empty value is ignored. With
    `after=last`, the response
    starts with an `id` without data, so that reconnecting also works before the first event. After 15
    seconds without
    an event, the server sends a comment. A tail counts as a waiting reader for as long as it is open,
    and pauses while
    the client does not read. If it cannot continue, for example because the stream was deleted, its
    last event is a
    `problem`, with the problem as `data`. A client with a timeout for the whole response should call
    `listEntries`
    with `waitMs` instead.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XREAD BLOCK` in a loop.

    Args:
        stream (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset):
        limit (int | Unset):  Default: 100.
        last_event_id_query (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit
            integers. In a request, `-<seq>` may be omitted, which means 0, and at the upper end of a
            range the highest possible sequence number. A response always contains it. Example:
            1767225600000-0.
        last_event_id_header (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit
            integers. In a request, `-<seq>` may be omitted, which means 0, and at the upper end of a
            range the highest possible sequence number. A response always contains it. Example:
            1767225600000-0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
     """


    return sync_detailed(
        stream=stream,
client=client,
from_=from_,
after=after,
limit=limit,
last_event_id_query=last_event_id_query,
last_event_id_header=last_event_id_header,

    ).parsed

async def asyncio_detailed(
    stream: str,
    *,
    client: AuthenticatedClient,
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
    last_event_id_query: str | Unset = UNSET,
    last_event_id_header: str | Unset = UNSET,

) -> Response[Problem | str]:
    """ Follow a stream

     Sends the entries of the stream, and then new entries as they are appended, as server-sent events.
    The `id` of an
    event is the id of the entry, and its `data` is the entry as JSON. The response ends when the client
    disconnects or
    the server shuts down. A browser that loses its connection reconnects with `Last-Event-ID` and
    continues after it;
    some polyfills send the parameter `lastEventId` instead. An empty value is ignored. With
    `after=last`, the response
    starts with an `id` without data, so that reconnecting also works before the first event. After 15
    seconds without
    an event, the server sends a comment. A tail counts as a waiting reader for as long as it is open,
    and pauses while
    the client does not read. If it cannot continue, for example because the stream was deleted, its
    last event is a
    `problem`, with the problem as `data`. A client with a timeout for the whole response should call
    `listEntries`
    with `waitMs` instead.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XREAD BLOCK` in a loop.

    Args:
        stream (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset):
        limit (int | Unset):  Default: 100.
        last_event_id_query (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit
            integers. In a request, `-<seq>` may be omitted, which means 0, and at the upper end of a
            range the highest possible sequence number. A response always contains it. Example:
            1767225600000-0.
        last_event_id_header (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit
            integers. In a request, `-<seq>` may be omitted, which means 0, and at the upper end of a
            range the highest possible sequence number. A response always contains it. Example:
            1767225600000-0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
     """


    kwargs = _get_kwargs(
        stream=stream,
from_=from_,
after=after,
limit=limit,
last_event_id_query=last_event_id_query,
last_event_id_header=last_event_id_header,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    stream: str,
    *,
    client: AuthenticatedClient,
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    limit: int | Unset = 100,
    last_event_id_query: str | Unset = UNSET,
    last_event_id_header: str | Unset = UNSET,

) -> Problem | str | None:
    """ Follow a stream

     Sends the entries of the stream, and then new entries as they are appended, as server-sent events.
    The `id` of an
    event is the id of the entry, and its `data` is the entry as JSON. The response ends when the client
    disconnects or
    the server shuts down. A browser that loses its connection reconnects with `Last-Event-ID` and
    continues after it;
    some polyfills send the parameter `lastEventId` instead. An empty value is ignored. With
    `after=last`, the response
    starts with an `id` without data, so that reconnecting also works before the first event. After 15
    seconds without
    an event, the server sends a comment. A tail counts as a waiting reader for as long as it is open,
    and pauses while
    the client does not read. If it cannot continue, for example because the stream was deleted, its
    last event is a
    `problem`, with the problem as `data`. A client with a timeout for the whole response should call
    `listEntries`
    with `waitMs` instead.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XREAD BLOCK` in a loop.

    Args:
        stream (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset):
        limit (int | Unset):  Default: 100.
        last_event_id_query (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit
            integers. In a request, `-<seq>` may be omitted, which means 0, and at the upper end of a
            range the highest possible sequence number. A response always contains it. Example:
            1767225600000-0.
        last_event_id_header (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit
            integers. In a request, `-<seq>` may be omitted, which means 0, and at the upper end of a
            range the highest possible sequence number. A response always contains it. Example:
            1767225600000-0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
     """


    return (await asyncio_detailed(
        stream=stream,
client=client,
from_=from_,
after=after,
limit=limit,
last_event_id_query=last_event_id_query,
last_event_id_header=last_event_id_header,

    )).parsed
