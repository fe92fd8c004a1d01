"""What keeps entries during long work."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Event, Thread
from types import TracebackType

from weir import DeliveredEntry

from .client import FAILURES
from .group import Group

log = logging.getLogger(__name__)


class Heartbeat:
    """Extends the entries in hand in a thread, so that the group does not give them to another consumer meanwhile."""

    def __init__(self, group: Group, entries: Sequence[DeliveredEntry]) -> None:
        self._group = group
        # The order of a dict is kept, and one thread may copy its keys while another deletes one.
        self._in_hand = dict.fromkeys(entry.id for entry in entries)
        # Groups without `ackTimeoutMs` take no entries away.
        self._times = [entry.ack_before_ms for entry in entries if entry.ack_before_ms is not None]
        self._over = Event()

    def __enter__(self) -> Heartbeat:
        if self._times:
            Thread(target=self._beat, args=[min(self._times) / 3000], daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A beat under way need not be waited for: the entries are settled, or the worker ends.
        self._over.set()

    def drop(self, entry_id: str) -> None:
        """The entry is settled."""
        self._in_hand.pop(entry_id)

    def _beat(self, seconds: float) -> None:
        while not self._over.wait(seconds):
            ids = list(self._in_hand)
            if not ids:
                continue
            try:
                self._group.extend(ids)
            except FAILURES as error:
                # The next one comes anyway.
                log.warning("extendEntries: %s", error)
