from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.entry_list import EntryList
from ...models.list_entries_order import ListEntriesOrder
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    stream: str,
    *,
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    to: str | Unset = UNSET,
    before: str | Unset = UNSET,
    order: ListEntriesOrder | Unset = ListEntriesOrder.ASC,
    limit: int | Unset = 100,
    wait_ms: int | Unset = 0,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["from"] = from_

    params["after"] = after

    params["to"] = to

    params["before"] = before

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order.value

    params["order"] = json_order

    params["limit"] = limit

    params["waitMs"] = wait_ms


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/streams/{stream}/entries".format(stream=quote(str(stream), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> EntryList | Problem | None:
    if response.status_code == 200:
        response_200 = EntryList.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[EntryList | Problem]:
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
    to: str | Unset = UNSET,
    before: str | Unset = UNSET,
    order: ListEntriesOrder | Unset = ListEntriesOrder.ASC,
    limit: int | Unset = 100,
    wait_ms: int | Unset = 0,

) -> Response[EntryList | Problem]:
    """ List the entries in a range

     Returns a page of entries. For the next page, send the `next` of this one as `after` (with
    `order=desc`, as `before`), even if this page is empty. A page may have fewer entries than `limit`
    without being the last one. With `waitMs`, the request waits for the first entry if the range is
    empty. To follow a stream, use `tailEntries`. A response contains at most 16 MiB of entries, or a
    single larger entry, even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XRANGE`, `XREVRANGE`, `XREAD`.

    Args:
        stream (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset):
        to (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        before (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        order (ListEntriesOrder | Unset):  Default: ListEntriesOrder.ASC.
        limit (int | Unset):  Default: 100.
        wait_ms (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EntryList | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
from_=from_,
after=after,
to=to,
before=before,
order=order,
limit=limit,
wait_ms=wait_ms,

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
    to: str | Unset = UNSET,
    before: str | Unset = UNSET,
    order: ListEntriesOrder | Unset = ListEntriesOrder.ASC,
    limit: int | Unset = 100,
    wait_ms: int | Unset = 0,

) -> EntryList | Problem | None:
    """ List the entries in a range

     Returns a page of entries. For the next page, send the `next` of this one as `after` (with
    `order=desc`, as `before`), even if this page is empty. A page may have fewer entries than `limit`
    without being the last one. With `waitMs`, the request waits for the first entry if the range is
    empty. To follow a stream, use `tailEntries`. A response contains at most 16 MiB of entries, or a
    single larger entry, even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XRANGE`, `XREVRANGE`, `XREAD`.

    Args:
        stream (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset):
        to (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        before (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        order (ListEntriesOrder | Unset):  Default: ListEntriesOrder.ASC.
        limit (int | Unset):  Default: 100.
        wait_ms (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EntryList | Problem
     """


    return sync_detailed(
        stream=stream,
client=client,
from_=from_,
after=after,
to=to,
before=before,
order=order,
limit=limit,
wait_ms=wait_ms,

    ).parsed

async def asyncio_detailed(
    stream: str,
    *,
    client: AuthenticatedClient,
    from_: str | Unset = UNSET,
    after: str | Unset = UNSET,
    to: str | Unset = UNSET,
    before: str | Unset = UNSET,
    order: ListEntriesOrder | Unset = ListEntriesOrder.ASC,
    limit: int | Unset = 100,
    wait_ms: int | Unset = 0,

) -> Response[EntryList | Problem]:
    """ List the entries in a range

     Returns a page of entries. For the next page, send the `next` of this one as `after` (with
    `order=desc`, as `before`), even if this page is empty. A page may have fewer entries than `limit`
    without being the last one. With `waitMs`, the request waits for the first entry if the range is
    empty. To follow a stream, use `tailEntries`. A response contains at most 16 MiB of entries, or a
    single larger entry, even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XRANGE`, `XREVRANGE`, `XREAD`.

    Args:
        stream (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset):
        to (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        before (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        order (ListEntriesOrder | Unset):  Default: ListEntriesOrder.ASC.
        limit (int | Unset):  Default: 100.
        wait_ms (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EntryList | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
from_=from_,
after=after,
to=to,
before=before,
order=order,
limit=limit,
wait_ms=wait_ms,

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
    to: str | Unset = UNSET,
    before: str | Unset = UNSET,
    order: ListEntriesOrder | Unset = ListEntriesOrder.ASC,
    limit: int | Unset = 100,
    wait_ms: int | Unset = 0,

) -> EntryList | Problem | None:
    """ List the entries in a range

     Returns a page of entries. For the next page, send the `next` of this one as `after` (with
    `order=desc`, as `before`), even if this page is empty. A page may have fewer entries than `limit`
    without being the last one. With `waitMs`, the request waits for the first entry if the range is
    empty. To follow a stream, use `tailEntries`. A response contains at most 16 MiB of entries, or a
    single larger entry, even if the request allows more. The next request returns the rest.

    Problems, besides those of any request: `entry-damaged`, `invalid-id`, `stream-not-found`, `too-
    many-waiting`.

    Scope: `read`.

    Redis: `XRANGE`, `XREVRANGE`, `XREAD`.

    Args:
        stream (str):
        from_ (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        after (str | Unset):
        to (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        before (str | Unset): The id of an entry: `<ms>-<seq>`, two unsigned 64-bit integers. In a
            request, `-<seq>` may be omitted, which means 0, and at the upper end of a range the
            highest possible sequence number. A response always contains it. Example: 1767225600000-0.
        order (ListEntriesOrder | Unset):  Default: ListEntriesOrder.ASC.
        limit (int | Unset):  Default: 100.
        wait_ms (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EntryList | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
client=client,
from_=from_,
after=after,
to=to,
before=before,
order=order,
limit=limit,
wait_ms=wait_ms,

    )).parsed
