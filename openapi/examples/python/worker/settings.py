"""What the worker is configured with."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    url: str
    token: str | None
    stream: str
    group: str
    consumer: str
    wait_ms: int
    ack_timeout_ms: int

    @classmethod
    def from_environment(cls) -> Settings:
        get = os.environ.get
        return cls(
            url=get("WEIR_URL", "http://127.0.0.1:7070"),
            token=get("WEIR_TOKEN"),
            stream=get("STREAM", "orders"),
            group=get("GROUP", "billing"),
            # Two consumers of the same name would read each other's pending entries when they start.
            consumer=get("CONSUMER") or f"{socket.gethostname()}-{os.getpid()}",
            wait_ms=int(get("WAIT_MS", "30000")),
            ack_timeout_ms=int(get("ACK_TIMEOUT_MS", "30000")),
        )
