"""Sends requests until they are answered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from .client import FAILURES, Refusal
from .stop import Stop

log = logging.getLogger(__name__)

T = TypeVar("T")

TIMEOUT = 5.0
"""The seconds in which Weir must answer a request that does not wait for entries."""

PAUSE = 1.0
MAX_PAUSE = 60.0

GONE = frozenset({"stream-not-found", "group-not-found", "consumer-not-found"})


def retrying(name: str, send: Callable[[], T], stop: Stop) -> T:
    """
    Sends a request until it is answered, and returns the answer. Raises a `Refusal` that would come again. When the
    worker is to stop, it tries once more.
    """
    while True:
        is_last_try = stop.requested
        try:
            return send()
        except FAILURES as error:
            is_final = isinstance(error, Refusal) and not error.problem.retryable
            if is_last_try or is_final:
                raise
            log.warning("%s will be sent again: %s", name, error)
            stop.pause(pause_after(error))


def pause_after(error: Exception) -> float:
    if not isinstance(error, Refusal):
        return PAUSE
    if error.problem.retry_after_ms is not None:
        return min(error.problem.retry_after_ms / 1000, MAX_PAUSE)
    return min(error.retry_after or PAUSE, MAX_PAUSE)


def is_gone(refusal: Refusal) -> bool:
    """Whether somebody deleted the stream, the group or the consumer."""
    return refusal.problem.code in GONE
