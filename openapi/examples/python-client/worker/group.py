"""The group, as this consumer sees it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from weir.api.groups import ack_entries, delete_consumer, ensure_group, extend_entries, nack_entries, read_group
from weir.models import (
    AckedEntries,
    AckRequest,
    DeliveredEntry,
    DeliveryPolicy,
    EnsureGroupRequest,
    ExtendRequest,
    GroupRead,
    NackedEntries,
    NackRequest,
    ReadGroupRequest,
)
from weir.types import UNSET

from .client import Refusal, answer_of, client_for
from .retrying import PAUSE, is_gone, retrying
from .settings import Settings
from .stop import Stop

log = logging.getLogger(__name__)

TIMEOUT = 5.0
"""The seconds in which Weir must answer a request that does not wait for entries."""


class Group:
    def __init__(self, settings: Settings, stop: Stop) -> None:
        self._client = client_for(settings)
        self._settings = settings
        self._place = (settings.stream, settings.group)
        self._consumer = settings.consumer
        self._stop = stop

    async def ensure(self) -> None:
        """Creates the group unless it exists. A group that exists keeps its delivery policy."""
        policy = DeliveryPolicy(ack_timeout_ms=self._settings.ack_timeout_ms, max_deliveries=5)
        body = EnsureGroupRequest(create_stream=True, delivery=policy)
        await retrying(
            "ensureGroup",
            lambda: answer_of(ensure_group.asyncio(*self._place, client=self._client, body=body), TIMEOUT),
            self._stop,
        )

    async def read(self, after: str | None) -> list[DeliveredEntry]:
        """
        Returns the entries that are pending for this consumer after an id, or new ones, for which it waits. Raises
        `Stopped` as soon as the worker is to stop.
        """
        try:
            answer = await retrying("readGroup", lambda: self._stop.cut(self._poll(after)), self._stop)
        except Refusal as error:
            if not is_gone(error):
                raise
            log.warning("readGroup: %s", error)
            await self._stop.pause(PAUSE)
            await self.ensure()
            return []
        return answer.entries

    async def ack(self, entry_id: str) -> None:
        body = AckRequest(ids=[entry_id], consumer=self._consumer)
        await self._settle(
            "ackEntries",
            entry_id,
            lambda: answer_of(ack_entries.asyncio(*self._place, client=self._client, body=body), TIMEOUT),
        )

    async def nack(self, entry_id: str, reason: str) -> None:
        """
        Gives back an entry whose work failed. It is delivered again later, or is dead if it has no deliveries left.
        """
        # Weir keeps a reason of up to 1024 bytes.
        body = NackRequest(ids=[entry_id], consumer=self._consumer, outcome="retry", reason=reason[:250])
        await self._settle(
            "nackEntries",
            entry_id,
            lambda: answer_of(nack_entries.asyncio(*self._place, client=self._client, body=body), TIMEOUT),
        )

    async def extend(self, ids: Sequence[str]) -> None:
        """
        Starts the time of these entries again. They are named: an entry whose delivery got lost on the way must fall
        due.
        """
        body = ExtendRequest(ids=list(ids), consumer=self._consumer)
        await answer_of(extend_entries.asyncio(*self._place, client=self._client, body=body), TIMEOUT)

    async def leave(self) -> None:
        """Deletes this consumer. What it still holds is due at once, and the delivery to it does not count."""
        who = (*self._place, self._consumer)
        try:
            await retrying(
                "deleteConsumer",
                lambda: answer_of(delete_consumer.asyncio(*who, client=self._client, pending="release"), TIMEOUT),
                self._stop,
            )
        except Refusal as error:
            if not is_gone(error):
                raise

    async def _poll(self, after: str | None) -> GroupRead:
        wait_ms = self._settings.wait_ms
        body = ReadGroupRequest(consumer=self._consumer, count=10, wait_ms=wait_ms, after=after or UNSET)
        sent = read_group.asyncio(*self._place, client=self._client, body=body)
        return await answer_of(sent, wait_ms / 1000 + TIMEOUT)

    async def _settle(
        self, name: str, entry_id: str, send: Callable[[], Awaitable[AckedEntries | NackedEntries]]
    ) -> None:
        try:
            answer = await retrying(name, send, self._stop)
            if answer.not_pending:
                log.warning("%s was given to another consumer meanwhile", entry_id)
        except Refusal as error:
            if not is_gone(error):
                raise
            log.warning("%s of %s is dropped: %s", name, entry_id, error)
