"""Sends requests until they are answered."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from .client import FAILURES, NotAnAnswer, Refusal
from .stop import Stop

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSE = 1.0
MAX_PAUSE = 60.0

TRIES_AFTER_STOP = 2

GONE = frozenset({"stream-not-found", "group-not-found", "consumer-not-found"})


async def retrying(name: str, send: Callable[[], Awaitable[T]], stop: Stop) -> T:
    """
    Sends a request until it is answered, and returns the answer. Raises a `Refusal` that would come again. When the
    worker is to stop, raises the last error after `TRIES_AFTER_STOP` more tries.
    """
    tries_left = TRIES_AFTER_STOP
    while True:
        try:
            return await send()
        except FAILURES as error:
            is_final = isinstance(error, Refusal) and not error.problem.retryable
            if is_final or (stop.requested and tries_left == 0):
                raise
            if stop.requested:
                tries_left -= 1
            log.warning("%s will be sent again: %s", name, error)
            await stop.pause(pause_after(error))


def pause_after(error: Refusal | NotAnAnswer) -> float:
    if isinstance(error, Refusal) and error.retry_after is not None:
        return min(error.retry_after, MAX_PAUSE)
    return PAUSE


def is_gone(refusal: Refusal) -> bool:
    """Whether somebody deleted the stream, the group or the consumer."""
    return refusal.problem.code in GONE
