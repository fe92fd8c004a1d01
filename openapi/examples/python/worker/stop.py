"""How the worker is told to stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopped(BaseException):
    """The worker is to stop. It is not an `Exception`, so that nobody takes it for a failed request."""


class Stop:
    """Requested by the first SIGTERM or SIGINT. A second one ends the process at once."""

    def __init__(self) -> None:
        self.requested = False
        self._is_cut = False
        for number in SIGNALS:
            signal.signal(number, self._request)

    @contextmanager
    def cuts(self) -> Iterator[None]:
        """A block that need not be finished. `Stopped` is raised in it as soon as the worker is to stop."""
        self._is_cut = True
        try:
            if self.requested:
                raise Stopped
            yield
        finally:
            self._is_cut = False

    def pause(self, seconds: float) -> None:
        """Waits, but not longer than until the worker is to stop. After that, waits for a second at most."""
        if self.requested:
            time.sleep(min(seconds, 1))
            return
        with suppress(Stopped), self.cuts():
            time.sleep(seconds)

    def _request(self, _number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        self.requested = True
        if self._is_cut:
            raise Stopped
