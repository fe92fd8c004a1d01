from __future__ import annotations

import logging
import sys
from contextlib import suppress

from weir import DeliveredEntry

from .bill import bill
from .client import FAILURES, Refusal
from .group import Group
from .heartbeat import Heartbeat
from .settings import Settings
from .stop import Stop, Stopped

log = logging.getLogger(__name__)


def main() -> int:
    # Standard output is for results. The log goes to standard error.
    logging.basicConfig(format="%(message)s")
    stop = Stop()
    group = Group(Settings.from_environment(), stop)
    try:
        with suppress(Stopped):
            work(group, stop)
        group.leave()
    except Refusal as error:
        # Entries that were not given back fall due after their time.
        log.error("%s (request %s)", error, error.problem.request_id)
        return 1
    except FAILURES as error:
        log.error("stopped: %s", error)
    return 0


def work(group: Group, stop: Stop) -> None:
    group.ensure()
    # First what this consumer read before it was interrupted. It has read all of it when a page is empty.
    after: str | None = "0-0"
    while not stop.requested:
        entries = group.read(after)
        if after is not None:
            after = entries[-1].id if entries else None
        with Heartbeat(group, entries) as heartbeat:
            for entry in entries:
                if stop.requested:
                    break
                settle(group, entry)
                heartbeat.drop(entry.id)


def settle(group: Group, entry: DeliveredEntry) -> None:
    try:
        # An entry without fields was deleted while it was pending.
        if entry.fields is not None:
            bill(entry.id, entry.fields)
    except Exception as error:
        log.warning("%s failed: %s", entry.id, error)
        group.nack(entry.id, str(error))
    else:
        group.ack(entry.id)


sys.exit(main())
