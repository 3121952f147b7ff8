"""How long one obligation with 1,000 rows of evidence takes to be judged: in the domain, and with its query."""

import json
import time
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple
from uuid import uuid4

from chassis.database import Database, connect
from chassis.service import settle
from chassis.settings import Settings
from local.places import CATALOGUE
from promises.application.cache import Cache
from promises.catalogue import mapping
from promises.catalogue.check import checked
from promises.domain.evaluate import evaluate_both
from promises.domain.evidence import Evidence
from promises.domain.obligation import Obligation
from promises.store import evidence
from promises.store.evidence import Row, Span

from bench import made_up
from bench.plan import Say

ROWS, TIMES = 1000, 40
NOBODY, OBLIGATION = "0000", "cykel-gang"
OWNERS = ("polisen-lpo-umea", "umea-kommun")
YEAR = Span(NOBODY, OBLIGATION, "2026", date(2026, 1, 1), date(2026, 12, 31))


class Judging(NamedTuple):
    """Milliseconds: of the domain alone, of a judgement that reads every row, and of one that has read them before."""

    domain: float
    first: float
    again: float


async def measure(settings: Settings, say: Say) -> Judging:
    """Judge 1,000 rows of joint occasions, those of a municipality that is nobody's, again and again.

    Raises:
        RuntimeError: the judgement counted something else than was reported.
    """
    database = await connect(settings, "promises")
    it = mapping.promised(mapping.document(*checked(CATALOGUE))).obligations[OBLIGATION]
    settle()
    try:
        async with database.pool.acquire() as sql:
            await evidence.add(sql, [_row(number) for number in range(ROWS)])
        found = [await _judge(database, Cache(), it) for _ in range(TIMES)]
    finally:
        await database.pool.execute("DELETE FROM evidence WHERE municipality = $1", NOBODY)
        await database.close()
    judging = Judging(*(1000 * median(column) for column in zip(*found, strict=True)))
    say(f"judging {ROWS} rows: {judging.domain:.1f} ms in the domain, {judging.first:.1f} ms with its query")
    return judging


async def _judge(database: Database, cache: Cache, it: Obligation) -> tuple[float, ...]:
    """The seconds of the domain, of the first judgement and of the second."""
    period = next(it.periods(it.validity))
    whole, domain = [], []
    for _ in range(2):
        async with database.pool.acquire() as sql:
            began = time.perf_counter()
            reports = (await cache.reports(sql, [YEAR]))[YEAR]
            read = time.perf_counter()
            both = evaluate_both(it, period, Evidence(reports), made_up.NOW)
            ended = time.perf_counter()
        if {standing.tally.counted for standing in both.values()} != {ROWS // len(OWNERS)}:
            raise RuntimeError("an occasion was lost; the time it took would be worth nothing")
        whole.append(ended - began)
        domain.append(ended - read)
    return min(domain), *whole


def _row(number: int) -> Row:
    """Each occasion is reported by both owners."""
    occasion, owner = divmod(number, len(OWNERS))
    day = date(2026, 1, 1) + timedelta(occasion % 340)
    facts = {
        "organisation": OWNERS[owner],
        "status": "done",
        "themes": ["traffic_rules"],
        "audiences": ["cyclist"],
        "special_effort": True,
        "occasion_key": f"{day}/{occasion}",
    }
    return Row(uuid4(), 1, OBLIGATION, day, NOBODY, "counted", made_up.NOW - timedelta(days=1), json.dumps(facts))
