"""How the worker is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopped(Exception):
    """The worker is to stop."""


class Stop:
    """Requested by the first SIGTERM or SIGINT. A second one ends the process at once."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._request)

    @property
    def requested(self) -> bool:
        return self._event.is_set()

    async def cut(self, work: Coroutine[Any, Any, T]) -> T:
        """Awaits work that need not be finished. Cancels it and raises `Stopped` as soon as the worker is to stop."""
        task = asyncio.ensure_future(work)
        stopped = asyncio.ensure_future(self._event.wait())
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            stopped.cancel()
            return task.result()
        task.cancel()
        # Only a task that has ended has closed its connection.
        await asyncio.wait({task})
        raise Stopped

    async def pause(self, seconds: float) -> None:
        """Waits, but not longer than until the worker is to stop. After that, waits for a second at most."""
        if self.requested:
            await asyncio.sleep(min(seconds, 1))
            return
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)

    def _request(self) -> None:
        for number in SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        self._event.set()
