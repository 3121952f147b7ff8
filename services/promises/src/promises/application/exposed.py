"""Works out the figures of every municipality for the metrics: standings, fulfilment, feeds, catalogues."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from chassis.clock import Clock
from chassis.database import Connection, Database
from chassis.lease import Lease
from chassis.metrics import OLDEST

from promises import metrics
from promises.catalogue import mapping
from promises.catalogue.mapping import Promised
from promises.domain.calendar import DAY, Window, local_day, starts
from promises.domain.figures import BUCKETS, bucket, enters
from promises.metrics import Labels
from promises.store import catalogues, current, feeds

LATELY = timedelta(days=92)
SOURCES = 5
Samples = dict[str, dict[Labels, float]]


class Figures:
    """One replica shows them, by a lease that outlives a missed scrape."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lease = Lease("figures", lasts=timedelta(seconds=60))
        self._promised: dict[str, tuple[int, Promised]] = {}

    async def measure(self) -> None:
        """Set every figure, or none where another replica does."""
        now = self._clock.now()
        async with self._database.pool.acquire() as sql:
            age, failing = await current.unjudged(sql)
            taken, rebuilt = await current.taken(sql)
            shown = await self._samples(sql, now) if await self._lease.hold(sql) else {}
        OLDEST.labels("dirty").set(age)
        metrics.FAILING.set(failing)
        metrics.EVIDENCE.set(taken)
        metrics.REBUILT.set(rebuilt)
        metrics.SHOWN.show(shown)

    async def _samples(self, sql: Connection, now: datetime) -> Samples:
        await self._read_catalogues(sql)
        today = local_day(now)
        rows = await current.current(sql, today, today - LATELY)
        heard = await feeds.ages(sql, SOURCES)
        return await asyncio.to_thread(self._counted, rows, heard, now)

    async def _read_catalogues(self, sql: Connection) -> None:
        for code, number in (await current.revisions(sql)).items():
            if self._promised.get(code, (0,))[0] != number:
                stored = await catalogues.revision(sql, code, number)
                self._promised[code] = number, mapping.promised(stored.document)

    def _counted(self, rows: Sequence[Any], heard: Sequence[Any], now: datetime) -> Samples:
        found: Samples = defaultdict(dict)
        for row in rows:
            _, promised = self._promised.get(row["municipality"], (0, Promised("", {})))
            obligation = promised.obligations.get(row["obligation"])
            if obligation is None:
                continue
            if row["latest"]:
                _stands(found, row, now)
            period = next(obligation.periods(Window(row["first_day"], row["last_day"])), None)
            if period and enters(obligation, period):
                _fulfils(found, row, period.kind)
        for row in heard:
            _heard(found, row, now)
        for code, (_, promised) in self._promised.items():
            last = max((each.validity.last for each in promised.obligations.values()), default=local_day(now))
            found[metrics.CATALOGUE.name][code,] = (starts(last + DAY) - now).total_seconds()
        return found


def _stands(found: Samples, row: Any, now: datetime) -> None:  # noqa: ANN401 - a row of `standing`
    whose = (row["audience"], row["municipality"], row["obligation"])
    where = bucket(row["phase"], row["verdict"], overdue=row["overdue"])
    for each in BUCKETS:
        found[metrics.STANDING.name][*whose, each] = float(each == where)
    found[metrics.OVERDUE.name][whose] = float(row["overdue"])
    found[metrics.AT_RISK.name][whose] = float(row["at_risk"])
    have, need = (float(part) for part in row["progress"].split("/"))
    found[metrics.MISSING.name][whose] = max(0.0, need - have)
    if row["next_date"]:
        found[metrics.DEADLINE.name][whose] = (starts(row["next_date"] + DAY) - now).total_seconds()


def _fulfils(found: Samples, row: Any, kind: str) -> None:  # noqa: ANN401 - a row of `standing`
    family = found[metrics.FULFILMENT.name]
    where = bucket(row["phase"], row["verdict"], overdue=row["overdue"])
    for each in BUCKETS:
        place = (row["audience"], row["municipality"], kind, row["period"], each)
        family[place] = family.get(place, 0.0) + (each == where)


def _heard(found: Samples, row: Any, now: datetime) -> None:  # noqa: ANN401 - a row of `feed`
    """A source that might be a mailbox is not named."""
    source = "other" if "@" in row["source"] else row["source"]
    for audience, at in (("internal", row["last_recorded_at"]), ("public", row["last_public_at"])):
        if at:
            place = (audience, row["municipality"], row["organisation"], source)
            age = max(0.0, (now - at).total_seconds())
            before = found[metrics.FEED_AGE.name].get(place, age)
            found[metrics.FEED_AGE.name][place] = min(before, age)
