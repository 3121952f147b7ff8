"""A clock that tests set."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(slots=True)
class HandClock:
    """Shows what a test sets."""

    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    simulated: bool = True

    def now(self) -> datetime:
        """The moment set last."""
        return self.moment
