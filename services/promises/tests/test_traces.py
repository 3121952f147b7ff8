"""An evaluation continues the trace of the latest record that asked for it; time alone begins one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from contracts.activities import ActivityEvent, ActivityRetracted

from services.promises.tests.driving import Projector

NewActivity = Callable[..., ActivityEvent]
Lines = Callable[[], list[dict[str, Any]]]
SPRING, AUTUMN = datetime(2026, 4, 15, 8, tzinfo=UTC), datetime(2026, 11, 20, 8, tzinfo=UTC)


def traceparent(n: int) -> str:
    return f"00-{n:032x}-00f067aa0ba902b7-01"


async def traces(projector: Projector, topic: str) -> list[str]:
    """The trace of every event about `cykel-gang` on a topic."""
    rows = await projector.database.pool.fetch(
        "SELECT headers FROM outbox WHERE topic = $1 AND convert_from(value, 'UTF8') LIKE '%cykel-gang%' ORDER BY seq",
        topic,
    )
    return [dict(zip(row["headers"][::2], row["headers"][1::2], strict=True))["traceparent"] for row in rows]


async def test_of_several_records_that_ask_for_one_evaluation_the_latest_gives_its_trace(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    await projector.turn(SPRING)
    await projector.database.pool.execute("DELETE FROM outbox")
    await projector.ingest(activity("2026-04-14"), trace=traceparent(1))
    await projector.ingest(activity("2026-04-14"), trace=traceparent(2))
    await projector.ingest(activity("2026-04-14"))
    await projector.turn()
    assert await traces(projector, "promise-status") == [traceparent(2)]
    assert {each[3:35] for each in await traces(projector, "deadlines")} <= {traceparent(2)[3:35]}


async def test_a_reminder_that_a_record_brings_about_is_said_in_its_trace(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    done = activity("2026-11-09")
    await projector.ingest(done)
    await projector.turn(AUTUMN)
    await projector.database.pool.execute("DELETE FROM outbox")
    about = {"activity_id": done.activity_id, "revision": 2, "status": "retracted"}
    taken_back = activity("2026-11-09", ActivityRetracted, **about)
    await projector.ingest(taken_back, trace=traceparent(1))
    await projector.turn()
    assert await traces(projector, "deadlines") == [traceparent(1)]


async def test_every_evaluation_that_time_alone_wakes_begins_a_trace(projector: Projector) -> None:
    await projector.load()
    await projector.live(AUTUMN)
    begun = await traces(projector, "deadlines")
    assert len(begun) > 3
    assert len(set(begun)) == len(begun)


async def test_an_evaluation_that_fails_is_told_in_the_trace_of_what_asked_for_it(
    projector: Projector, activity: NewActivity, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    await projector.load()
    await projector.turn(SPRING)
    await projector.ingest(activity("2026-04-14"), trace=traceparent(1))
    monkeypatch.setattr("promises.application.evaluate.judge", None)
    await projector.turn()
    (told,) = [line["trace_id"] for line in lines() if line["event"] == "evaluation failed"]
    assert told == traceparent(1)[3:35]
