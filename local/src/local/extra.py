"""Made-up traffic at scale: contact activities of the police, spread over the year, the same for the same seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contracts.envelope import binary
from contracts.ingress import ActivityReported

from local.doors import MUNICIPALITY, Doors

ZONE = ZoneInfo("Europe/Stockholm")
FIRST, DAYS = datetime(2026, 1, 1, 8, tzinfo=ZONE), 365
WHO, SOURCE = "polisen-lpo-umea", "/organisations/polisen-lpo-umea/made-up"


@dataclass(slots=True)
class Extra:
    """`count` activities; those whose day has come are sent together, pipelined over Kafka."""

    seed: int = 0
    count: int = 0
    _sent: int = 0

    async def send(self, doors: Doors, now: datetime) -> int:
        """Send what was done by now; answer how many."""
        due = list(self._until(now))
        for start in range(0, len(due), 5000):
            await doors.pipeline(WHO, due[start : start + 5000])
        return len(due)

    def _until(self, now: datetime) -> Iterator[tuple[str, bytes, Sequence[tuple[str, bytes]]]]:
        while self._sent < self.count:
            at = FIRST + timedelta(days=DAYS * self._sent / self.count)
            if at > now:
                return
            yield self._event(self._sent, at)
            self._sent += 1

    def _event(self, number: int, at: datetime) -> tuple[str, bytes, Any]:
        dice = random.Random(f"{self.seed}/{number}")  # noqa: S311 - repeatable on purpose
        done = at - timedelta(minutes=dice.randrange(400))
        report = ActivityReported(
            municipality=MUNICIPALITY, occurred_at=done, obligations=("tillganglig-polis",), kind="contact"
        )
        reference = f"made-up/{self.seed}/{number}"
        headers, value = binary(event_id=reference, source=SOURCE, subject=reference, time=at, data=report)
        return reference, value, headers
