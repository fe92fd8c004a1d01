"""The generated client, with one exception for each way in which a request can fail."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx

from weir import AuthenticatedClient
from weir.models import Problem
from weir.types import Unset

from .settings import Settings

T = TypeVar("T")


class Refusal(Exception):
    """Weir refused the request."""

    def __init__(self, problem: Problem, retry_after: str | None) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.problem = problem
        self.retry_after = _seconds(problem.retry_after_ms, retry_after)


class NotAnAnswer(Exception):
    """No answer of Weir came: a page of a proxy, a redirect, half of an answer, or nothing."""


FAILURES = (Refusal, NotAnAnswer)
"""What `answer_of` raises."""


def client_for(settings: Settings) -> AuthenticatedClient:
    # The generated client knows no server without tokens: it would send an empty one. So httpx gets the header.
    headers = {} if settings.token is None else {"authorization": f"Bearer {settings.token}"}
    client = httpx.AsyncClient(
        base_url=settings.url,
        headers=headers,
        # The generated functions take no time-out. `answer_of` does.
        timeout=None,
        event_hooks={"response": [_check]},
    )
    return AuthenticatedClient(settings.url, token="").set_async_httpx_client(client)


async def answer_of(sent: Coroutine[Any, Any, T | Problem | None], timeout: float) -> T:
    """The answer of an operation. Raises one of `FAILURES` if none comes within these seconds."""
    try:
        answer = await asyncio.wait_for(sent, timeout)
    except TimeoutError as error:
        raise NotAnAnswer(f"no answer within {timeout:g} seconds") from error
    except httpx.HTTPError as error:
        raise NotAnAnswer(str(error) or type(error).__name__) from error
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        # The generated client does not check what it reads.
        raise NotAnAnswer(f"an answer that is not as documented ({type(error).__name__})") from error
    if answer is None or isinstance(answer, Problem):
        raise NotAnAnswer("an answer with a status that is not documented")
    return answer


async def _check(response: httpx.Response) -> None:
    """Raises a `Refusal` for a problem: the generated functions return it, but without the header `Retry-After`."""
    content_type = response.headers.get("content-type", "no content type")
    if content_type.startswith("application/problem+json"):
        await response.aread()
        raise Refusal(Problem.from_dict(response.json()), response.headers.get("retry-after"))
    if not response.is_success or "json" not in content_type:
        raise NotAnAnswer(f"{response.status_code} with {content_type}")


def _seconds(retry_after_ms: int | Unset, retry_after: str | None) -> float | None:
    if not isinstance(retry_after_ms, Unset):
        return retry_after_ms / 1000
    # The header has whole seconds. Another server on the way may have set a date.
    return float(retry_after) if retry_after and retry_after.isdecimal() else None
