"""What was promised, as it is followed up: an obligation, its owners, its periods and its rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from promises.domain.calendar import MonthDay, Period, PeriodKind, Window, periods

Match = Literal["any", "all"]


@dataclass(frozen=True, slots=True)
class Label:
    """A name in Swedish and in English."""

    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Owner:
    """An organisation that made the promise; rules speak of its kind, `police` or `municipality`."""

    id: str
    kind: str
    name: Label


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the period in which `need` occasions with one (or, together, all) of the themes are due."""

    id: str
    name: Label
    first: MonthDay
    last: MonthDay
    need: int
    themes: frozenset[str]
    match: Match

    def window(self, period: Period) -> Window:
        """The slot's days in a period."""
        return Window(self.first.within(period.window), self.last.within(period.window))


@dataclass(frozen=True, slots=True)
class Occasions:
    """At least `need` occasions in the period and in each slot what the slot asks.

    `taking_part` are the kinds of organisation that must all take part; empty means that any owner is enough.
    """

    need: int
    slots: tuple[Slot, ...] = ()
    special_effort: bool = False
    taking_part: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cadence:
    """At least `need` activities a period, or, where themes are listed, `need` for each of them."""

    need: int
    each_of: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Coverage:
    """`percent` of a reported baseline must be reached by the sum of `quantity`."""

    quantity: str
    percent: int


@dataclass(frozen=True, slots=True)
class Umbrella:
    """Shows its children; it has no verdict, no pace and no figure of its own."""

    children: tuple[str, ...]


Rule = Occasions | Cadence | Coverage | Umbrella
Mailing = Literal["every_stage", "last_stages", "monthly"]
"""Which stages are mailed: settled reading 27."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One commitment of a promise; `operator_parameters` name what the leaflet does not say."""

    municipality: str
    id: str
    promise: str
    title: Label
    quote: str
    owners: tuple[Owner, ...]
    validity: Window
    period_kind: PeriodKind
    grace_days: int
    leaflet_basis: bool
    rule: Rule
    words: dict[str, Label]
    operator_parameters: tuple[Label, ...] = ()

    def periods(self, window: Window) -> Iterator[Period]:
        """The periods of the obligation's validity that overlap a window."""
        first, last = max(window.first, self.validity.first), min(window.last, self.validity.last)
        return periods(self.period_kind, Window(first, last))

    @property
    def mailing(self) -> Mailing:
        """Occasions and coverage mail every stage, cadence the last ones, by month only in a monthly summary."""
        if not isinstance(self.rule, Cadence):
            return "every_stage"
        return "monthly" if self.period_kind == "month" else "last_stages"

    def covers(self, period: Period) -> bool:
        """Whether the promise is valid for the whole period; there is no pro-rating (settled reading 16)."""
        return self.validity.first <= period.window.first and period.window.last <= self.validity.last

    def kind_of(self, organisation: str) -> str | None:
        """The kind of an owner; None for an organisation that owns nothing here."""
        return next((owner.kind for owner in self.owners if owner.id == organisation), None)
