"""Frozen reports as they are read: which there are, and one of them with the details that are public now."""

from datetime import date
from itertools import groupby

from chassis.database import Database
from contracts.model import rfc3339

from promises.application.ask import Question, Sight, UnknownError, sight
from promises.store import evidence, frozen
from promises.store.evidence import Span
from promises.store.frozen import Frozen, Place
from promises.views import View
from promises.views.frozen import shown


async def frozen_reports_of(database: Database, asked: Question) -> View:
    """Every report of a municipality, the oldest period first, with the time at which each revision was frozen."""
    async with sight(database, asked) as seen:
        rows = await frozen.of_municipality(seen.sql, asked.code)
    found = [
        {
            "period": period,
            "revisions": [{"revision": row["revision"], "frozen_at": rfc3339(row["frozen_at"])} for row in revisions],
        }
        for period, revisions in groupby(rows, key=lambda row: row["period"])
    ]
    return seen.head | {"reports": found}


async def frozen_report_of(database: Database, asked: Question, period: str, number: int | None) -> View:
    """A revision of the report of a period, by default the latest.

    Raises:
        UnknownError: no such report, or no such revision of it.
    """
    async with sight(database, asked) as seen:
        found = await _revision(seen, period, number)
        spans = {
            entry["obligation"]: Span(
                asked.code,
                entry["obligation"],
                entry["period"],
                date.fromisoformat(entry["first_day"]),
                date.fromisoformat(entry["last_day"]),
            )
            for entry in found.report["obligations"]
        }
        loaded = await evidence.load(seen.sql, list(spans.values()))
    about = {"period": period, "revision": found.revision, "frozen_at": rfc3339(found.frozen_at)}
    rows = {name: loaded[span] for name, span in spans.items()}
    return seen.head | about | shown(found.report, rows, asked.now)


async def _revision(seen: Sight, period: str, number: int | None) -> Frozen:
    found = await frozen.get(seen.sql, Place(seen.asked.code, period), number)
    if found is not None:
        return found
    there = await frozen.of_municipality(seen.sql, seen.asked.code)
    revisions = [row["revision"] for row in there if row["period"] == period]
    if revisions:
        raise UnknownError("revision", f"the report for {period} has no revision {number}; the last is {revisions[-1]}")
    known = ", ".join(dict.fromkeys(row["period"] for row in there)) or "none"
    raise UnknownError("period", f"no report of {seen.asked.code} for {period} is frozen; there are: {known}")
