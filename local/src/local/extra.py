"""Made-up traffic at scale: contact activities of the police, spread over the year, the same for the same seed."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contracts.envelope import binary
from contracts.ingress import ActivityReported

from local.doors import MUNICIPALITY, Doors

ZONE = ZoneInfo("Europe/Stockholm")
NIGHT = 5000
FIRST, DAYS = datetime(2026, 1, 1, 8, tzinfo=ZONE), 365
WHO, SOURCE = "polisen-lpo-umea", "/organisations/polisen-lpo-umea/made-up"


@dataclass(slots=True)
class Extra:
    """`count` activities, sent in nights of 5,000 as a large system does, pipelined over Kafka."""

    seed: int = 0
    count: int = 0
    _sent: int = 0

    async def send(self, doors: Doors, now: datetime) -> int:
        """Send what was done by now, if it is a night's worth or the last; answer how many."""
        due = self._due(now)
        if due - self._sent < NIGHT and due < self.count:
            return 0
        first, self._sent = self._sent, due
        for start in range(first, due, NIGHT):
            await doors.pipeline(WHO, [self._event(n) for n in range(start, min(start + NIGHT, due))])
        return due - first

    def _due(self, now: datetime) -> int:
        """How many have their day behind them."""
        return min(self.count, max(0, int((now - FIRST) / timedelta(days=DAYS) * self.count) + 1))

    def _event(self, number: int) -> tuple[str, bytes, Any]:
        at = FIRST + timedelta(days=DAYS * number / self.count)
        dice = random.Random(f"{self.seed}/{number}")  # noqa: S311 - repeatable on purpose
        done = at - timedelta(minutes=dice.randrange(400))
        report = ActivityReported(
            municipality=MUNICIPALITY, occurred_at=done, obligations=("tillganglig-polis",), kind="contact"
        )
        reference = f"made-up/{self.seed}/{number}"
        headers, value = binary(event_id=reference, source=SOURCE, subject=reference, time=at, data=report)
        return reference, value, headers
