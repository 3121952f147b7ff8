"""Judges the periods of obligations for both audiences; however many there are, the statements are as many."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chassis.database import UnitOfWork
from chassis.tracing import within
from opentelemetry.trace import Span as Trace

from promises import document
from promises.application import events
from promises.application.cache import Cache
from promises.catalogue.mapping import Promised
from promises.domain.calendar import Period, Window, local_day
from promises.domain.evaluate import evaluate_both
from promises.domain.evidence import Evidence
from promises.domain.obligation import Obligation
from promises.domain.standing import Standing
from promises.domain.visibility import Audience
from promises.store import baselines, standings
from promises.store.dirty import ALL_DAYS, Name, Work
from promises.store.evidence import Span
from promises.store.standings import Judged, Known, Place

AUDIENCES: tuple[Audience, ...] = ("public", "internal")


@dataclass(slots=True)
class Case:
    """An obligation under evaluation at a moment, and what came of it: internal standings, the periods that changed.

    What is said of it belongs to `trace`.
    """

    name: Name
    claimed: Work
    now: datetime
    promised: Promised
    trace: Trace
    standings: list[Standing] = field(default_factory=list)
    changed: list[Period] = field(default_factory=list)
    rows: int = 0

    @property
    def obligation(self) -> Obligation | None:
        """The obligation as it is promised; None when it was withdrawn or never was."""
        return self.promised.obligations.get(self.name[1])

    @property
    def obliged(self) -> Obligation:
        """The obligation, of a case that is known to have one."""
        return self.promised.obligations[self.name[1]]


async def judge(work: UnitOfWork, cases: Sequence[Case], cache: Cache) -> None:
    """Evaluate and save every period concerned, and tell of the public standings that changed."""
    before = await standings.known(work.sql, [case.name for case in cases])
    wakes = _earliest(before)
    concern = {case.name: list(concerned(case, wakes)) for case in cases}
    spans = [span for case in cases for span in _spans(case, concern[case.name])]
    reported = await cache.reports(work.sql, spans)
    known = await baselines.load(work.sql, [span[:3] for span in spans])
    judged: list[Judged] = []
    found: dict[Place, tuple[Case, Standing]] = {}
    for case in cases:
        for period, span in zip(concern[case.name], _spans(case, concern[case.name]), strict=True):
            evidence = Evidence(reported[span], tuple(known.get(span[:3], ())))
            case.rows += len(evidence.reports)
            both = evaluate_both(case.obliged, period, evidence, case.now)
            children = {audience: await _children(work, case, period, audience) for audience in AUDIENCES}
            for audience, standing in both.items():
                if audience == "public" and not _begun(case, period):
                    continue
                place = Place(*span[:3], audience)
                body = document.standing(case.obliged, standing, children[audience])
                judged.append(Judged(place, body, standing.wake_at, case.now))
                found[place] = case, standing
            case.standings.append(both["internal"])
        await asyncio.sleep(0)  # whoever else waits for the loop gets a turn between two obligations
    for place, revision in sorted((await standings.save(work.sql, judged, before)).items()):
        case, standing = found[place]
        case.changed.append(standing.period)
        if place.audience == "public":
            with within(case.trace):
                events.status_changed(work, case.obliged, standing, revision, case.now)


def _spans(case: Case, periods: Sequence[Period]) -> list[Span]:
    return [Span(*case.name, period.id, period.window.first, period.window.last) for period in periods]


async def _children(work: UnitOfWork, case: Case, period: Period, audience: str) -> list[document.View]:
    """How an umbrella's children stand today, or stood on the last day of its period."""
    below = case.obliged.ruling(period).rule.shows
    if not below:
        return []
    day = min(local_day(case.now), period.window.last)
    rows = await standings.on(work.sql, case.name[0], audience, below, day)
    return [document.child(row) for row in rows]


def concerned(case: Case, wakes: Mapping[tuple[str, str, str], datetime | None]) -> Iterator[Period]:
    """The periods that overlap the marked days, wait for this moment, hold today or were never judged.

    Whole periods may have passed while nothing ran. Before the first one begins, it is the first.
    """
    obligation, claimed = case.obliged, case.claimed
    today = max(local_day(case.now), obligation.validity.first)
    days = Window(claimed.from_day, claimed.to_day) if claimed.from_day and claimed.to_day else Window(today, today)
    horizon = today if days.last == ALL_DAYS[1] else max(today, days.last)
    for period in obligation.periods(Window(obligation.validity.first, horizon)):
        place = (*case.name, period.id)
        missed = place not in wakes and period.window.first <= today
        if missed or period.window.overlaps(days) or _due(wakes.get(place), case.now) or today in period.window:
            yield period


def _begun(case: Case, period: Period) -> bool:
    """Nothing is published of a period to come: that it is judged at all would tell of a secret plan in it."""
    return period.window.first <= max(local_day(case.now), case.obliged.validity.first)


def _earliest(before: Mapping[Place, Known]) -> dict[tuple[str, str, str], datetime | None]:
    """When each period wakes: the audiences wake apart, and what is published late wakes the public one alone."""
    found: dict[tuple[str, str, str], datetime | None] = {}
    for place, each in before.items():
        name = place[:3]
        found[name] = min(filter(None, (found.get(name), each.wake_at)), default=None)
    return found


def _due(wake_at: datetime | None, now: datetime) -> bool:
    return wake_at is not None and wake_at <= now
