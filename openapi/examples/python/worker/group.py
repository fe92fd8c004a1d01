"""The group, as this consumer sees it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from weir import (
    AckRequest,
    ConsumerPendingPolicy,
    DeliveredEntry,
    DeliveryPolicy,
    EnsureGroupRequest,
    ExtendRequest,
    GroupRead,
    GroupsApi,
    NackOutcome,
    NackRequest,
    ReadGroupRequest,
)

from .client import Client, Refusal
from .retrying import PAUSE, TIMEOUT, is_gone, retrying
from .settings import Settings
from .stop import Stop

log = logging.getLogger(__name__)


class Group:
    def __init__(self, settings: Settings, stop: Stop) -> None:
        self._groups = GroupsApi(Client(settings))
        self._settings = settings
        self._place = (settings.stream, settings.group)
        self._consumer = settings.consumer
        self._stop = stop

    def ensure(self) -> None:
        """Creates the group unless it exists. A group that exists keeps its delivery policy."""
        policy = DeliveryPolicy(ack_timeout_ms=self._settings.ack_timeout_ms, max_deliveries=5)
        request = EnsureGroupRequest(create_stream=True, delivery=policy)
        retrying(
            "ensureGroup",
            lambda: self._groups.ensure_group(*self._place, ensure_group_request=request, _request_timeout=TIMEOUT),
            self._stop,
        )

    def read(self, after: str | None) -> list[DeliveredEntry]:
        """
        Returns the entries that are pending for this consumer after an id, or new ones, for which it waits. Raises
        `Stopped` as soon as the worker is to stop.
        """
        try:
            return retrying("readGroup", lambda: self._poll(after), self._stop).entries
        except Refusal as error:
            if not is_gone(error):
                raise
            log.warning("readGroup: %s", error)
            self._stop.pause(PAUSE)
            self.ensure()
            return []

    def ack(self, entry_id: str) -> None:
        request = AckRequest(ids=[entry_id], consumer=self._consumer)
        self._settle(
            "ackEntries",
            entry_id,
            lambda: self._groups.ack_entries(*self._place, request, _request_timeout=TIMEOUT).not_pending,
        )

    def nack(self, entry_id: str, reason: str) -> None:
        """
        Gives back an entry whose work failed. It is delivered again later, or is dead if it has no deliveries left.
        """
        request = NackRequest(
            # Weir keeps a reason of up to 1024 bytes.
            ids=[entry_id],
            consumer=self._consumer,
            outcome=NackOutcome.RETRY,
            reason=reason[:250],
        )
        self._settle(
            "nackEntries",
            entry_id,
            lambda: self._groups.nack_entries(*self._place, request, _request_timeout=TIMEOUT).not_pending,
        )

    def extend(self, ids: Sequence[str]) -> None:
        """
        Starts the time of these entries again. They are named: an entry whose delivery got lost on the way must fall
        due.
        """
        request = ExtendRequest(ids=list(ids), consumer=self._consumer)
        self._groups.extend_entries(*self._place, request, _request_timeout=TIMEOUT)

    def leave(self) -> None:
        """Deletes this consumer. What it still holds is due at once, and the delivery to it does not count."""
        try:
            retrying(
                "deleteConsumer",
                lambda: self._groups.delete_consumer(
                    *self._place, self._consumer, pending=ConsumerPendingPolicy.RELEASE, _request_timeout=TIMEOUT
                ),
                self._stop,
            )
        except Refusal as error:
            if not is_gone(error):
                raise

    def _poll(self, after: str | None) -> GroupRead:
        wait_ms = self._settings.wait_ms
        request = ReadGroupRequest(consumer=self._consumer, count=10, wait_ms=wait_ms, after=after)
        with self._stop.cuts():
            return self._groups.read_group(*self._place, request, _request_timeout=wait_ms / 1000 + TIMEOUT)

    def _settle(self, name: str, entry_id: str, send: Callable[[], list[str]]) -> None:
        try:
            if retrying(name, send, self._stop):
                log.warning("%s was given to another consumer meanwhile", entry_id)
        except Refusal as error:
            if not is_gone(error):
                raise
            log.warning("%s of %s is dropped: %s", name, entry_id, error)
