"""Freezes the report of a closed period, and collects it once a day: a new revision when anything printed changed."""

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from chassis.clock import Clock
from chassis.database import Connection, Database, UnitOfWork
from chassis.faults import TRANSIENT

from promises.application.ask import Question, Sight, look
from promises.application.judge import Case
from promises.application.recount import recount
from promises.domain.calendar import DAY, Period, local_day
from promises.domain.frozen import closed, collected_on, goes_on, of_period
from promises.domain.obligation import Obligation
from promises.metrics import FREEZING_FAILURES
from promises.store import evidence, frozen
from promises.store.evidence import Span
from promises.store.frozen import Frozen, Place
from promises.views.frozen import kept

log = logging.getLogger(__name__)


async def mark_closed(work: UnitOfWork, cases: Sequence[Case]) -> None:
    """What was judged of a closed period may change its report; what time changed is collected on the same day."""
    days: dict[Place, date] = {}
    for case in cases:
        day = collected_on(case.claimed.instant or case.now)
        for standing in filter(closed, case.standings):
            place = Place(case.name[0], standing.period.id)
            days[place] = min(day, days.get(place, day))
    await frozen.mark(work.sql, days)


class Freezer:
    """Collects the reports that are due; replicas do not disturb each other, since each report is claimed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def collect(self) -> None:
        """Every report that is due; one that fails harms no other and is tried again on the next day."""
        now = self._clock.now()
        async with self._database.pool.acquire() as sql:
            due = await frozen.due(sql, local_day(now))
        for place in due:
            try:
                async with self._database.transaction() as work:
                    if await frozen.claim(work.sql, place, local_day(now)):
                        await _collect(work.sql, place, now)
            except TRANSIENT:
                raise
            except Exception as fault:
                FREEZING_FAILURES.inc()
                log.exception("freezing failed", extra=place._asdict() | {"fault": type(fault).__name__})
                async with self._database.transaction() as work:
                    await frozen.postpone(work.sql, place, local_day(now) + DAY)


async def _collect(sql: Connection, place: Place, now: datetime) -> None:
    """The first time without condition, then once a day while there is a valid promise.

    What the report waits for next leaves a mark of its own: a day with a valid promise, or one of more details.
    """
    last = await frozen.get(sql, place)
    seen = await look(sql, Question(place.municipality, "", "public", now))
    obligations, today = seen.promised.obligations.values(), local_day(now)
    day = goes_on(obligations, max(today, local_day(last.frozen_at) + DAY)) if last else today
    if day == today:
        cases = of_period(obligations, place.period)
        judged = await recount(seen, cases, now)
        if not judged or not all(closed(standing) for _, standing in judged):
            return
        loaded = await _evidence(seen, cases)
        found = kept(place.period, judged, loaded, now)
        if last is None or last.report != found:
            await frozen.add(sql, place, Frozen(last.revision + 1 if last else 1, now, found))
        day = _opens(loaded, today)
    await frozen.mark(sql, {place: day} if day else {})


async def _evidence(seen: Sight, cases: Sequence[tuple[Obligation, Period]]) -> list[list[Any]]:
    spans = [Span(seen.asked.code, o.id, period.id, period.window.first, period.window.last) for o, period in cases]
    loaded = await evidence.load(seen.sql, spans)
    return [loaded[span] for span in spans]


def _opens(loaded: Iterable[Sequence[Any]], today: date) -> date | None:
    """The next day on which time alone shows details of a report."""
    days = (json.loads(row["facts"]).get("public_from", "") for rows in loaded for row in rows)
    return min((date.fromisoformat(day) for day in days if day > today.isoformat()), default=None)
