"""Second stage: one obligation a transaction; what it owes to standings, ledger and outbox is written or nothing is."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from chassis.clock import Clock
from chassis.database import Database, UnitOfWork
from chassis.faults import TRANSIENT

from promises import document
from promises.application import events
from promises.application.remind import remind, withdraw
from promises.catalogue import mapping
from promises.catalogue.mapping import Promised
from promises.domain.calendar import Period, Window, local_day
from promises.domain.evaluate import evaluate_both
from promises.domain.evidence import Evidence
from promises.domain.obligation import Obligation, Umbrella
from promises.domain.standing import Standing
from promises.domain.visibility import Audience
from promises.metrics import EVALUATED, EVALUATION_FAILURES
from promises.store import baselines, catalogues, dirty, evidence, standings
from promises.store.dirty import ALL_DAYS, Name, Work
from promises.store.standings import Judged

log = logging.getLogger(__name__)
LANES = 3
AUDIENCES: tuple[Audience, ...] = ("public", "internal")


class Evaluator:
    """Evaluates dirty obligations; one that fails harms no other and is tried again later, alone."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._promised: dict[tuple[str, int], Promised] = {}

    async def drain(self) -> int:
        """Evaluate until nothing waits that this replica may take; answer how many evaluations it took."""
        count = 0
        while True:
            async with self._database.pool.acquire() as sql:
                names = await dirty.waiting(sql)
            lanes = [self._lane(names[lane::LANES]) for lane in range(LANES)]
            ended = await asyncio.gather(*lanes, return_exceptions=True)
            if faults := [each for each in ended if isinstance(each, BaseException)]:
                raise faults[0]  # every lane has ended, so none goes on beside the next round
            evaluated = sum(each for each in ended if isinstance(each, int))
            if not evaluated:
                return count
            count += evaluated

    async def _lane(self, names: Sequence[Name]) -> int:
        """Obligations do not wait for each other's database."""
        return sum([await self._guarded(name) for name in names])

    async def _guarded(self, name: Name) -> bool:
        try:
            return await self.evaluate(name)
        except TRANSIENT:
            raise
        except Exception as fault:
            EVALUATION_FAILURES.inc()
            log.exception("evaluation failed", extra={"municipality": name[0], "obligation": name[1]})
            async with self._database.transaction() as work:
                await dirty.failed(work.sql, name, f"{type(fault).__name__}: {fault}")
            return False

    async def evaluate(self, name: Name) -> bool:
        """Evaluate one obligation; False if another replica is at it or has done it."""
        async with self._database.transaction() as work:
            claimed = await dirty.claim(work.sql, name)
            if claimed is None:
                return False
            now = max(moment for moment in (self._clock.now(), claimed.instant, claimed.evaluated_at) if moment)
            promised = await self._in_force(work, name[0], claimed.catalogue)
            obligation = promised.obligations.get(name[1])
            above: list[Name] = []
            if obligation is None:
                await standings.forget_wakes(work.sql, name)
                await withdraw(work, name, now)
            else:
                judged, changed = await _judge(work, obligation, claimed, now)
                await remind(work, obligation, promised.name, judged, now)
                above = [(name[0], each) for each in promised.above(name[1])] if changed else []
            await _finish(work, name, above, claimed.mark, now)
        EVALUATED.inc()
        return True

    async def _in_force(self, work: UnitOfWork, municipality: str, revision: int | None) -> Promised:
        """The obligations of the catalogue revision that the claim saw; evidence may come before any catalogue."""
        if revision is None:
            return Promised("", {})
        if (municipality, revision) not in self._promised:
            stored = await catalogues.revision(work.sql, municipality, revision)
            self._promised[municipality, revision] = mapping.promised(stored.document)
        return self._promised[municipality, revision]


async def _finish(work: UnitOfWork, name: Name, above: list[Name], mark: int, now: datetime) -> None:
    """Forget the mark that was read and mark the umbrellas, in the order in which every writer takes these rows."""
    for each in sorted([name, *above]):
        if each == name:
            await dirty.done(work.sql, name, mark, now)
        else:
            await dirty.mark_days(work.sql, {each: (local_day(now), local_day(now))})


async def _judge(work: UnitOfWork, obligation: Obligation, claimed: Work, now: datetime) -> tuple[list[Standing], bool]:
    """Evaluate and save every period concerned, for both audiences; answer the internal ones and if any changed.

    However many periods there are, the statements are as many.
    """
    name = (obligation.municipality, obligation.id)
    before = await standings.known(work.sql, name)
    due = {period for (period, _), each in before.items() if each.wake_at and each.wake_at <= now}
    periods = list(concerned(obligation, claimed, due, now))
    loaded = await _evidence(work, name, periods)
    found = {
        (period.id, audience): standing
        for period in periods
        for audience, standing in evaluate_both(obligation, period, loaded[period.id], now).items()
    }
    children = {audience: await _children(work, obligation, audience, now) for audience in AUDIENCES}
    judged = [
        Judged(period, audience, document.standing(obligation, each, children[audience]), each.wake_at)
        for (period, audience), each in found.items()
    ]
    changed = await standings.save(work.sql, name, judged, before, now)
    for (period, audience), revision in sorted(changed.items()):
        if audience == "public":
            events.status_changed(work, obligation, found[period, "public"], revision, now)
    return [each for (_, audience), each in found.items() if audience == "internal"], bool(changed)


async def _evidence(work: UnitOfWork, name: Name, periods: Sequence[Period]) -> dict[str, Evidence]:
    rows = await evidence.load(work.sql, *name, {each.id: (each.window.first, each.window.last) for each in periods})
    known = await baselines.load(work.sql, *name, list(rows))
    return {each: Evidence(tuple(document.report(row) for row in rows[each]), known[each]) for each in rows}


async def _children(work: UnitOfWork, obligation: Obligation, audience: str, now: datetime) -> list[document.View]:
    """How an umbrella's children stand today."""
    if not isinstance(obligation.rule, Umbrella):
        return []
    rows = await standings.today(work.sql, obligation.municipality, audience, obligation.rule.children, local_day(now))
    return [document.child(row) for row in rows]


def concerned(obligation: Obligation, claimed: Work, due: set[str], now: datetime) -> Iterator[Period]:
    """The periods that overlap the marked days, wait for this moment, or hold today; before the first, the first."""
    today = max(local_day(now), obligation.validity.first)
    days = Window(claimed.from_day, claimed.to_day) if claimed.from_day and claimed.to_day else Window(today, today)
    horizon = today if days.last == ALL_DAYS[1] else max(today, days.last)
    for period in obligation.periods(Window(obligation.validity.first, horizon)):
        if period.window.overlaps(days) or period.id in due or today in period.window:
            yield period
