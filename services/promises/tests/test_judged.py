"""Judging reads of an activity what rules ask for, and loses nothing by leaving the rest unread."""

from collections.abc import Callable
from datetime import date

from contracts.activities import ActivityEvent
from promises import document
from promises.domain.evidence import Report
from promises.store import evidence
from promises.store.evidence import Span

from services.promises.tests.driving import Projector

NewActivity = Callable[..., ActivityEvent]
TOLD = {
    "themes": ("reflector",),
    "audiences": ("cyclist",),
    "special_effort": True,
    "quantities": {"pupils_taught": 3},
    "unit": "ersboda",
    "period": "2026",
    "occasion_key": "2026-11-09/reflexer",
    "visibility": "count_only",
    "title": "Reflexer",
}


async def test_a_report_is_the_same_whether_all_of_it_is_read_or_what_is_judged(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-11-09", **TOLD).model_copy(update={"kind": "operation"}))
    span = Span("2480", "cykel-gang", "2026", date(2026, 1, 1), date(2026, 12, 31))
    async with projector.database.pool.acquire() as sql:
        [whole] = (await evidence.load(sql, [span]))[span]
        [part] = (await evidence.load(sql, [span], document.NOT_JUDGED))[span]
    report = document.report(whole)
    assert document.report(part) == report
    assert len(part["facts"]) < len(whole["facts"])
    silent = {name for name in Report._fields if not getattr(report, name)}
    assert silent == {"released"}, "a part that says nothing proves nothing"
