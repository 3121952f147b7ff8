"""Second stage: what is dirty is judged, several obligations a transaction; all they owe is written or nothing is."""

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

from chassis.clock import Clock
from chassis.database import Database, UnitOfWork
from chassis.faults import TRANSIENT
from chassis.tracing import begun, current, within
from chassis.tracing import work as traced

from promises.application.cache import Cache
from promises.application.freeze import mark_closed
from promises.application.judge import Case, judge
from promises.application.remind import remind, withdraw
from promises.catalogue import mapping
from promises.catalogue.mapping import Promised
from promises.domain.calendar import local_day
from promises.metrics import EVALUATED, EVALUATION_FAILURES, EVALUATION_SECONDS
from promises.store import catalogues, dirty, standings
from promises.store.dirty import Days, Name

log = logging.getLogger(__name__)
Pace = Callable[[float], Awaitable[bool]]
MOST, HEAVY, LIGHT = 16, 800, 200


async def _unhurried(_: float) -> bool:
    return True


class Evaluator:
    """Evaluates dirty obligations; one that fails harms no other and is tried again later, alone.

    Two lanes share the work: one takes whatever has waited longest, the other the newest of what costs little (no more
    than 200 rows of evidence), so that a standing that is quickly judged does not wait for those that are not.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._promised: dict[tuple[str, int], Promised] = {}
        self._rows: dict[Name, int] = {}
        self._cache = Cache()
        self._taken: set[Name] = set()

    async def oldest(self, pace: Pace = _unhurried) -> int:
        """Evaluate until nothing waits that this replica may take; answer how many were handled.

        `pace` is awaited between two transactions with the seconds that the last one took, and says whether to go on.
        """
        return await self._lane(pace, light=False)

    async def lightest(self, pace: Pace = _unhurried) -> int:
        """The same for what costs little."""
        return await self._lane(pace, light=True)

    async def _lane(self, pace: Pace, *, light: bool) -> int:
        count, took = 0, 0.0
        while True:
            async with self._database.pool.acquire() as sql:
                waiting = await dirty.waiting(sql, newest=light)
            names = [name for name in waiting if not light or self._rows.get(name, 0) <= LIGHT]
            if not self._group(names) or (count and not await pace(took)):
                return count
            began, group = time.monotonic(), self._group(names)  # chosen anew: the other lane went on meanwhile
            self._taken.update(group)
            try:
                handled = await self._guarded(group) if group else 0
            finally:
                self._taken.difference_update(group)
            if not handled:
                return count
            count, took = count + handled, time.monotonic() - began

    def _group(self, names: Iterable[Name]) -> list[Name]:
        """The first ones that the other lane is not at, few enough for a short transaction."""
        group: list[Name] = []
        rows = 0
        for name in names:
            if len(group) == MOST or rows > HEAVY:
                break
            if name not in self._taken:
                group.append(name)
                rows += self._rows.get(name, 0)
        return group

    async def _guarded(self, group: Sequence[Name]) -> int:
        try:
            return await self.evaluate(group)
        except TRANSIENT:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, the others must not wait for it
            if len(group) > 1:
                return sum([await self._guarded([name]) for name in group])
            await self._failed(group[0], fault)
            return 1

    async def _failed(self, name: Name, fault: Exception) -> None:
        EVALUATION_FAILURES.inc()
        async with self._database.transaction() as work:
            traceparent = await dirty.failed(work.sql, name, f"{type(fault).__name__}: {fault}")
        with traced("evaluation failed", traceparent):
            log.error("evaluation failed", exc_info=fault, extra={"municipality": name[0], "obligation": name[1]})

    async def evaluate(self, group: Sequence[Name]) -> int:
        """Evaluate obligations, those left out that another replica is at or has done; answer how many."""
        with EVALUATION_SECONDS.time():
            return await self._evaluate(group)

    async def _evaluate(self, group: Sequence[Name]) -> int:
        async with self._database.transaction() as work:
            claimed = await dirty.claim(work.sql, group)
            cases = [await self._case(work, name, each) for name, each in sorted(claimed.items())]
            promised = [case for case in cases if case.obligation is not None]
            await judge(work, promised, self._cache)
            await remind(work, promised)
            await mark_closed(work, promised)
            for case in cases:
                if case.obligation is None:
                    await standings.forget_wakes(work.sql, case.name)
                    with within(case.trace):
                        await withdraw(work, case.name, case.now)
            await dirty.done(work.sql, {case.name: (case.claimed.mark, case.now) for case in cases})
            await dirty.mark_days(work.sql, _above(cases))
        for case in cases:
            _tell(case)
        self._rows.update({case.name: case.rows for case in cases})
        EVALUATED.inc(len(cases))
        return len(cases)

    async def _case(self, work: UnitOfWork, name: Name, claimed: dirty.Work) -> Case:
        now = max(moment for moment in (self._clock.now(), claimed.instant, claimed.evaluated_at) if moment)
        promised = await self._in_force(work, name[0], claimed.catalogue)
        return Case(name, claimed, now, promised, begun("obligation evaluated", claimed.traceparent))

    async def _in_force(self, work: UnitOfWork, municipality: str, revision: int | None) -> Promised:
        """The obligations of the catalogue revision that the claim saw; evidence may come before any catalogue."""
        if revision is None:
            return Promised("", {})
        if (municipality, revision) not in self._promised:
            stored = await catalogues.revision(work.sql, municipality, revision)
            self._promised[municipality, revision] = mapping.promised(stored.document)
        return self._promised[municipality, revision]


def _above(cases: Iterable[Case]) -> dict[Name, Days]:
    """The umbrellas to judge again: from the first day of what changed below them to today."""
    found: dict[Name, Days] = {}
    for case in filter(lambda each: each.changed, cases):
        today, trace = local_day(case.now), current(case.trace)
        first = min(today, *(period.window.first for period in case.changed))
        for above in case.promised.above(case.name[1]):
            known = found.get((case.name[0], above), Days(first, today, trace))
            found[case.name[0], above] = Days(min(known.first, first), max(known.last, today), trace)
    return found


def _tell(case: Case) -> None:
    municipality, obligation = case.name
    with within(case.trace, ends=True):
        about = {"municipality": municipality, "obligation": obligation, "changed": bool(case.changed)}
        log.info("obligation evaluated", extra=about)
