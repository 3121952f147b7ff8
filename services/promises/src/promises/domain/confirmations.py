"""Joint occasions that wait for a partner: who is awaited, and which report can be confirmed (semantics 6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from promises.domain.calendar import Period
from promises.domain.evidence import Report, occasions
from promises.domain.groups import groups
from promises.domain.matching import fitting
from promises.domain.obligation import Obligation


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A joint occasion that not all have taken part in; `reports` are those that are done and name the obligation."""

    day: date
    obligation: Obligation
    period: str
    reports: tuple[Report, ...]
    reported: tuple[str, ...]
    awaited: tuple[str, ...]


def unconfirmed(obligation: Obligation, period: Period, reports: Iterable[Report]) -> Iterator[Unconfirmed]:
    """The occasions of a period in which a partner is missing; `reports` are the ruling revisions."""
    version = obligation.ruling(period)
    if not any(each.rule.asked.partners for each in version.versions_in(period)):
        return
    for group in groups(reports).values():
        for fit in fitting(version, period, occasions(group)):
            if fit.occasion.status == "done" and not fit.complete:
                done = tuple(sorted((r for r in group if r.own and r.status == "done"), key=lambda r: r.activity_id))
                yield Unconfirmed(fit.occasion.counted_on, obligation, period.id, done, tuple(fit.there), fit.awaited)
