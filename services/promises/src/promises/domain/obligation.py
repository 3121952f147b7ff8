"""What was promised, as it is followed up: an obligation, its owners, its periods and its rule, version by version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from promises.domain.calendar import MonthDay, Period, PeriodKind, Window, period_of, periods
from promises.domain.label import Label
from promises.domain.parameters import Mailing
from promises.domain.rules import Rule


@dataclass(frozen=True, slots=True)
class Owner:
    """An organisation that made the promise; rules speak of its kind, `police` or `municipality`."""

    id: str
    kind: str
    name: Label


@dataclass(frozen=True, slots=True)
class Obligation:
    """One commitment of a promise; `operator_parameters` name what the leaflet does not say.

    Where a promise has several versions, `versions` holds each of them with its own validity, in order, and `validity`
    reaches from the first day of the first to the last day of the last. The other fields are those of one version: of
    the one valid on the first day of a period once `ruling` was asked for it, before of the last one.
    """

    municipality: str
    id: str
    promise: str
    title: Label
    quote: str
    owners: tuple[Owner, ...]
    validity: Window
    period_kind: PeriodKind
    grace_days: int
    rule: Rule
    words: Mapping[str, Label]
    operator_parameters: tuple[Label, ...] = ()
    year_starts: MonthDay | None = None
    count_only: bool = False
    versions: tuple["Obligation", ...] = ()

    @property
    def leaflet_basis(self) -> bool:
        """The basis of a rule is the basis of its number (settled reading 6)."""
        return self.rule.basis == "leaflet"

    @property
    def mailing(self) -> Mailing:
        """Which stages are mailed: a parameter of the rule, or its kind's default (settled reading 27)."""
        return self.rule.mails(self.period_kind)

    @property
    def owner_names(self) -> dict[str, Label]:
        """What its owners are called, those of its other versions too."""
        return {owner.id: owner.name for each in (self, *self.versions) for owner in each.owners}

    def periods(self, window: Window) -> Iterator[Period]:
        """The periods that overlap a window and the validity, in order; each once, whatever versions meet in it."""
        last = date.min
        for version in self.versions or (self,):
            first = max(window.first, version.validity.first)
            until = min(window.last, version.validity.last)
            for period in periods(version.period_kind, Window(first, until), version.year_starts):
                if period.window.first > last:
                    last = period.window.last
                    yield period

    def period_of(self, day: date) -> Period:
        """The period that holds a day by the rule of that day."""
        version = self.version_on(day) or self
        return period_of(version.period_kind, day, version.year_starts)

    def version_on(self, day: date) -> "Obligation | None":
        """The version valid on a day; None where nothing was promised."""
        return next((each for each in self.versions or (self,) if day in each.validity), None)

    def versions_in(self, period: Period) -> list["Obligation"]:
        """The versions that are valid on some day of a period, in order."""
        return [each for each in self.versions or (self,) if each.validity.overlaps(period.window)]

    def ruling(self, period: Period) -> "Obligation":
        """The version that sets a period's number, windows and text (settled reading 15).

        It is the one valid on the first day, or, where the promise began later, the first one.
        """
        found = self.versions_in(period) if self.versions else []
        return replace(found[0], validity=self.validity, versions=self.versions) if found else self

    def version_of(self, period: Period) -> date:
        """The first day of the version that rules a period, by which versions are told apart."""
        return self.versions_in(period)[0].validity.first

    def begins_in(self, period: Period) -> date:
        """The first day of a period on which something is promised."""
        return max(period.window.first, self.version_of(period))

    def covers(self, period: Period) -> bool:
        """Whether the promise is valid for the whole period; there is no pro-rating (settled reading 16)."""
        return self.validity.first <= period.window.first and period.window.last <= self.validity.last
