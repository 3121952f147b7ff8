"""Fulfilment as a figure: every obligation with a number from the leaflet stands in exactly one of seven buckets.

The source is semantics 13 and settled reading 4. Umbrellas, operators' rules and assessments never enter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from promises.domain.calendar import Period, PeriodKind
from promises.domain.label import Label
from promises.domain.obligation import Obligation
from promises.domain.standing import Phase, Verdict

Bucket = Literal[
    "fulfilled", "partially_fulfilled", "not_fulfilled", "overdue", "cannot_be_assessed", "open", "not_started"
]
BUCKETS: Mapping[Bucket, Label] = {
    "fulfilled": Label("uppfyllt", "fulfilled"),
    "partially_fulfilled": Label("delvis uppfyllt", "partially fulfilled"),
    "not_fulfilled": Label("ej uppfyllt", "not fulfilled"),
    "overdue": Label("försenat", "overdue"),
    "cannot_be_assessed": Label("kan inte bedömas", "cannot be assessed"),
    "open": Label("pågår", "open"),
    "not_started": Label("inte börjat", "not started"),
}
DECIDED: tuple[Bucket, ...] = ("fulfilled", "partially_fulfilled", "not_fulfilled", "overdue")
PERCENT_FROM = 10


def enters(obligation: Obligation, period: Period) -> bool:
    """Whether an obligation is part of the figure, by the version that rules the period."""
    version = obligation.ruling(period)
    return version.leaflet_basis and not version.rule.shows


def named(obligations: Iterable[Obligation], name: str) -> dict[PeriodKind, list[tuple[Obligation, Period]]]:
    """Those that enter and have a period of this name, by its kind: a calendar and a school year are never added."""
    found: dict[PeriodKind, list[tuple[Obligation, Period]]] = {}
    for obligation in obligations:
        for period in obligation.periods(obligation.validity):
            if period.id == name and enters(obligation, period):
                found.setdefault(period.kind, []).append((obligation, period))
    return found


def bucket(phase: Phase, verdict: Verdict | None, *, overdue: bool) -> Bucket:
    """The one bucket of a standing."""
    if verdict is not None:
        return verdict
    if overdue:
        return "overdue"
    return "not_started" if phase == "not_started" else "open"


@dataclass(frozen=True, slots=True)
class Figure:
    """How many there are in each bucket, and by name."""

    buckets: Mapping[Bucket, tuple[str, ...]]

    @property
    def fulfilled(self) -> int:
        """The figure's upper number."""
        return len(self.buckets["fulfilled"])

    @property
    def of(self) -> int:
        """The figure's lower number: fulfilled, partially, not fulfilled and overdue."""
        return sum(len(self.buckets[each]) for each in DECIDED)

    @property
    def ratio(self) -> Label | None:
        """As "4 of 5"; nothing is said about none."""
        return Label(f"{self.fulfilled} av {self.of}", f"{self.fulfilled} of {self.of}") if self.of else None

    @property
    def percent(self) -> int | None:
        """Rounded down, and only of ten or more: below, a percentage pretends a precision that is not there."""
        return 100 * self.fulfilled // self.of if self.of >= PERCENT_FROM else None


def figure(placed: Iterable[tuple[str, Bucket]]) -> Figure:
    """The figure of obligations, each with its bucket; those of several municipalities may be given together."""
    found: dict[Bucket, list[str]] = {each: [] for each in BUCKETS}
    for name, where in placed:
        found[where].append(name)
    return Figure({each: tuple(sorted(names)) for each, names in found.items()})
