from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.delete_group_pending import DeleteGroupPending
from ...models.deleted import Deleted
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    stream: str,
    group: str,
    *,
    pending: DeleteGroupPending | Unset = DeleteGroupPending.REFUSE,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    json_pending: str | Unset = UNSET
    if not isinstance(pending, Unset):
        json_pending = pending.value

    params["pending"] = json_pending


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/v1/streams/{stream}/groups/{group}".format(stream=quote(str(stream), safe=""),group=quote(str(group), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Deleted | Problem | None:
    if response.status_code == 200:
        response_200 = Deleted.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Deleted | Problem]:
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
    pending: DeleteGroupPending | Unset = DeleteGroupPending.REFUSE,

) -> Response[Deleted | Problem]:
    """ Delete a group

     A group with pending or dead entries is deleted only with `pending=drop`, because no consumer would
    ever receive them again. Waiting readers are refused with `group-not-found`.

    Problems, besides those of any request: `group-has-pending`, `group-not-found`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XGROUP DESTROY`.

    Args:
        stream (str):
        group (str):
        pending (DeleteGroupPending | Unset):  Default: DeleteGroupPending.REFUSE.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deleted | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
pending=pending,

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
    pending: DeleteGroupPending | Unset = DeleteGroupPending.REFUSE,

) -> Deleted | Problem | None:
    """ Delete a group

     A group with pending or dead entries is deleted only with `pending=drop`, because no consumer would
    ever receive them again. Waiting readers are refused with `group-not-found`.

    Problems, besides those of any request: `group-has-pending`, `group-not-found`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XGROUP DESTROY`.

    Args:
        stream (str):
        group (str):
        pending (DeleteGroupPending | Unset):  Default: DeleteGroupPending.REFUSE.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deleted | Problem
     """


    return sync_detailed(
        stream=stream,
group=group,
client=client,
pending=pending,

    ).parsed

async def asyncio_detailed(
    stream: str,
    group: str,
    *,
    client: AuthenticatedClient,
    pending: DeleteGroupPending | Unset = DeleteGroupPending.REFUSE,

) -> Response[Deleted | Problem]:
    """ Delete a group

     A group with pending or dead entries is deleted only with `pending=drop`, because no consumer would
    ever receive them again. Waiting readers are refused with `group-not-found`.

    Problems, besides those of any request: `group-has-pending`, `group-not-found`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XGROUP DESTROY`.

    Args:
        stream (str):
        group (str):
        pending (DeleteGroupPending | Unset):  Default: DeleteGroupPending.REFUSE.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deleted | Problem]
     """


    kwargs = _get_kwargs(
        stream=stream,
group=group,
pending=pending,

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
    pending: DeleteGroupPending | Unset = DeleteGroupPending.REFUSE,

) -> Deleted | Problem | None:
    """ Delete a group

     A group with pending or dead entries is deleted only with `pending=drop`, because no consumer would
    ever receive them again. Waiting readers are refused with `group-not-found`.

    Problems, besides those of any request: `group-has-pending`, `group-not-found`, `outcome-unknown`,
    `storage-full`, `stream-not-found`.

    Scope: `manage`.

    Redis: `XGROUP DESTROY`.

    Args:
        stream (str):
        group (str):
        pending (DeleteGroupPending | Unset):  Default: DeleteGroupPending.REFUSE.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deleted | Problem
     """


    return (await asyncio_detailed(
        stream=stream,
group=group,
client=client,
pending=pending,

    )).parsed
