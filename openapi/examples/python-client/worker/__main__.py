from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress

from weir.models import DeliveredEntry

from .bill import bill
from .client import NotAnAnswer, Refusal
from .group import Group
from .heartbeat import heartbeat
from .settings import Settings
from .stop import Stop, Stopped

log = logging.getLogger(__name__)


async def main() -> int:
    # Standard output is for results. The log goes to standard error.
    logging.basicConfig(format="%(message)s")
    stop = Stop()
    group = Group(Settings.from_environment(), stop)
    try:
        with suppress(Stopped):
            await work(group, stop)
        await group.leave()
    except Refusal as error:
        # Entries that were not given back fall due after their time.
        log.error("%s (request %s)", error, error.problem.request_id)
        return 1
    except NotAnAnswer as error:
        log.error("stopped: %s", error)
    return 0


async def work(group: Group, stop: Stop) -> None:
    await group.ensure()
    # First what this consumer read before it was interrupted. It has read all of it when a page is empty.
    after: str | None = "0-0"
    while not stop.requested:
        entries = await group.read(after)
        if after is not None:
            after = entries[-1].id if entries else None
        async with heartbeat(group, entries) as in_hand:
            for entry in entries:
                if stop.requested:
                    break
                await settle(group, entry)
                in_hand.remove(entry.id)


async def settle(group: Group, entry: DeliveredEntry) -> None:
    try:
        # An entry without fields was deleted while it was pending.
        if entry.fields is not None:
            await bill(entry.id, entry.fields)
    except Exception as error:
        log.warning("%s failed: %s", entry.id, error)
        await group.nack(entry.id, str(error))
    else:
        await group.ack(entry.id)


sys.exit(asyncio.run(main()))
