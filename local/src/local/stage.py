"""Where the year is played: any system whose services follow a clock that the player sets."""

from pathlib import Path
from typing import Any, Protocol

import httpx

from local.tokens import Keys


class Stage(Protocol):
    """`clock` is the file that holds the time, `keys` sign the organisations' tokens."""

    clock: Path
    keys: Keys

    def api(self, service: str, /) -> str:
        """Where a service's API is."""
        ...

    def internal(self, service: str, /) -> str:
        """Where a service's health, metrics and info are."""
        ...

    def login(self, organisation: str, /) -> dict[str, Any]:
        """How an organisation reaches Kafka: what its producer is made with."""
        ...

    async def mails(self, http: httpx.AsyncClient) -> list[dict[str, Any]]:
        """Every mail that was delivered, the first one first: `to`, `subject`, `text` and `message_id`."""
        ...
