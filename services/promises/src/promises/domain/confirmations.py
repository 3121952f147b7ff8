"""Joint occasions that wait for a partner: who is awaited, and which report can be confirmed (semantics 6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from promises.domain.calendar import Period
from promises.domain.evidence import Report, occasions
from promises.domain.groups import groups
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
    """The occasions of a period in which a partner is missing; `reports` are the ruling revisions.

    An occasion is missing its partner when the rule itself says so of that occasion alone.
    """
    version = obligation.ruling(period)
    partners = version.rule.asked.partners
    if not partners:
        return
    for group in groups(reports).values():
        [occasion] = occasions(group)
        if not version.rule.tally(version, period, [occasion], None).partner_missing:
            continue
        reported = version.owners_among(occasion.taking_part)
        there = {version.kind_of(owner) for owner in reported}
        awaited = tuple(owner.id for owner in version.owners if owner.kind in partners - there)
        done = tuple(sorted((r for r in group if r.own and r.status == "done"), key=lambda r: r.activity_id))
        yield Unconfirmed(occasion.counted_on, obligation, period.id, done, reported, awaited)
