"""What keeps entries during long work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from weir.models import DeliveredEntry

from .client import FAILURES
from .group import Group

log = logging.getLogger(__name__)


@asynccontextmanager
async def heartbeat(group: Group, entries: Sequence[DeliveredEntry]) -> AsyncIterator[list[str]]:
    """
    Extends entries meanwhile, so that the group does not give them to another consumer. Yields the ids in hand, from
    which the block removes what is settled.
    """
    in_hand = [entry.id for entry in entries]
    # Groups without `ackTimeoutMs` take no entries away.
    times = [entry.ack_before_ms for entry in entries if entry.ack_before_ms]
    beating = asyncio.create_task(_beat(group, in_hand, min(times) / 3000)) if times else None
    try:
        yield in_hand
    finally:
        if beating is not None:
            beating.cancel()


async def _beat(group: Group, in_hand: Sequence[str], seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        if not in_hand:
            continue
        try:
            await group.extend(in_hand)
        except FAILURES as error:
            # The next one comes anyway.
            log.warning("extendEntries: %s", error)
