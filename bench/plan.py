"""How much is measured."""

from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds` is one measurement over HTTP, `patience` the most that a catch-up may take."""

    activities: int
    municipalities: int
    rounds: int
    seconds: float
    watched: float
    patience: float = 180


WHOLE = Plan(activities=200_000, municipalities=20, rounds=3, seconds=6, watched=20)
QUICK = Plan(activities=20_000, municipalities=20, rounds=1, seconds=2, watched=5)
