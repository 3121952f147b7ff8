import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from contracts.activities import ActivityConfirmed, ActivityCorrected, ActivityEvent, ActivityRetracted
from promises.store import dirty

from services.promises.tests.driving import Projector

NewActivity = Callable[..., ActivityEvent]
NOW = datetime(2026, 11, 20, tzinfo=UTC)
NAME = ("2480", "cykel-gang")


async def evidence(projector: Projector) -> list[tuple[Any, ...]]:
    rows = await projector.database.pool.fetch(
        "SELECT activity_id, revision, counted_on, state FROM evidence ORDER BY activity_id, revision, counted_on"
    )
    return [tuple(row) for row in rows]


async def test_a_report_becomes_a_standing(projector: Projector, activity: NewActivity) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"))
    await projector.turn(NOW)
    found = await projector.standing()
    assert (found["counted"], found["slots"][0]["state"], found["slots"][1]["state"]) == (1, "met", "open")


async def test_evidence_may_come_before_its_catalogue(projector: Projector, activity: NewActivity) -> None:
    await projector.ingest(activity("2026-04-14"))
    await projector.turn(NOW)
    await projector.load()
    await projector.turn()
    assert (await projector.standing())["counted"] == 1


async def test_the_same_revision_again_changes_nothing(projector: Projector, activity: NewActivity) -> None:
    await projector.load()
    event = activity("2026-04-14")
    await projector.ingest(event, event)
    await projector.turn(NOW)
    before = (await projector.standing(), await evidence(projector), await projector.said("promise-status"))
    await projector.ingest(event)
    await projector.turn()
    assert (await projector.standing(), await evidence(projector), await projector.said("promise-status")) == before
    assert await projector.letters() == []


async def test_7_14_the_same_revision_with_another_title_is_a_redelivery(
    projector: Projector, activity: NewActivity
) -> None:
    event = activity("2026-04-14", title="before disposal")
    await projector.ingest(event)
    await projector.ingest(event.model_copy(update={"title": None}))
    assert await projector.letters() == []


@pytest.mark.parametrize("together", [True, False])
async def test_7_14_other_content_under_a_known_revision_is_a_dead_letter_and_changes_nothing(
    projector: Projector, activity: NewActivity, together: bool
) -> None:
    await projector.load()
    first = activity("2026-04-14")
    other = activity("2026-04-14", activity_id=first.activity_id, themes=("bicycle_helmet",))
    good = activity("2026-11-09")
    for batch in [(first, other, good)] if together else [(first,), (other, good)]:
        await projector.ingest(*batch)
    await projector.turn(NOW)
    assert await projector.letters() == ["conflicting_revision"]
    assert {row[0]: row[2] for row in await evidence(projector)} == {
        first.activity_id: date(2026, 4, 14),
        good.activity_id: date(2026, 11, 9),
    }
    assert (await projector.standing())["verdict"] == "fulfilled"


def _life(activity: NewActivity) -> tuple[ActivityEvent, ...]:
    """Logged, corrected to another day, confirmed, retracted, corrected back."""
    name = uuid4()
    april, may = ({"obligation": "cykel-gang", "counted_on": date(2026, month, 14)} for month in (4, 5))
    about = {"activity_id": name}
    return (
        activity("2026-04-14", **about, confirmed_by=()),
        activity("2026-05-14", ActivityCorrected, **about, revision=2, footprint=(april, may), confirmed_by=()),
        activity("2026-05-14", ActivityConfirmed, **about, revision=3, footprint=(april, may)),
        activity("2026-05-14", ActivityRetracted, **about, revision=4, footprint=(april, may), status="retracted"),
        activity("2026-05-14", ActivityCorrected, **about, revision=5, footprint=(april, may)),
    )


async def test_any_order_of_an_activitys_revisions_leads_to_the_same_standing(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    life = _life(activity)
    seen = set()
    for order in list(permutations(life))[::7]:
        await projector.database.pool.execute("TRUNCATE evidence")
        for event in order:
            await projector.ingest(event)
        await projector.turn(NOW)
        found = await projector.standing()
        seen.add((found["counted"], found["slots"][0]["state"], found["partner_missing"]))
    assert seen == {(1, "met", 0)}


async def test_a_moved_activity_leaves_the_day_it_had(projector: Projector, activity: NewActivity) -> None:
    await projector.load()
    logged, moved, *_ = _life(activity)
    await projector.ingest(logged)
    await projector.ingest(moved)
    rows = await evidence(projector)
    assert [(row[1], row[3]) for row in rows] == [(1, "counted"), (2, "released"), (2, "counted")]
    await projector.turn(NOW)
    assert (await projector.standing())["partner_missing"] == 1


async def test_a_mark_set_while_evaluating_is_not_forgotten(projector: Projector, activity: NewActivity) -> None:
    await projector.load()
    async with projector.database.transaction() as work:
        claimed = await dirty.claim(work.sql, [NAME])
        await projector.ingest(activity("2026-04-14"))
        await dirty.done(work.sql, {NAME: (claimed[NAME].mark, NOW)})
    async with projector.database.pool.acquire() as sql:
        assert NAME in await dirty.waiting(sql)


async def test_two_replicas_evaluate_what_many_writers_report_and_lose_nothing(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    projector.clock.moment = NOW
    days = [f"2026-04-{day:02}" for day in range(1, 31)]
    writing = asyncio.gather(*(projector.ingest(activity(day)) for day in days))
    while not writing.done():
        await asyncio.gather(projector.turn(), projector.turn())
    await writing
    await projector.turn()
    assert (await projector.standing())["counted"] == len(days)


async def test_a_standing_gets_a_revision_only_when_it_differs(projector: Projector, activity: NewActivity) -> None:
    await projector.load()
    await projector.turn(NOW)
    assert (await projector.standing())["revision"] == 1
    await projector.ingest(activity("2026-04-14", organisation="ntf", confirmed_by=()))
    await projector.turn()
    assert (await projector.standing())["revision"] == 1
    await projector.ingest(activity("2026-04-14"))
    await projector.turn()
    assert (await projector.standing())["revision"] == 2
    history = await projector.database.pool.fetch(
        "SELECT revision FROM standing_history WHERE audience = 'internal' AND obligation = 'cykel-gang'"
    )
    assert sorted(row["revision"] for row in history) == [1, 2]


async def test_4_14_replaying_everything_from_the_first_event_gives_the_same_state(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    events = [*_life(activity), activity("2026-11-10", confirmed_by=())]
    await projector.live(datetime(2026, 5, 15, tzinfo=UTC))
    for event in events:
        await projector.ingest(event)
    await projector.live(NOW)
    said = await projector.said("deadlines")
    before = await projector.standing()
    for event in events:
        await projector.ingest(event)
        await projector.turn()
    await projector.database.pool.execute("TRUNCATE evidence")
    await projector.ingest(*events)
    await projector.turn()
    after = await projector.standing()
    assert {**after, "revision": 0} == {**before, "revision": 0}
    assert len([event for event in said if event["type"] != "settled"]) > 5
    assert len(await projector.said("deadlines")) == len(said), "a replay told something again"


async def test_an_obligation_that_fails_harms_no_other(projector: Projector, activity: NewActivity) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"))
    broken = "UPDATE evidence SET facts = '{}' WHERE activity_id = $1"
    bad: UUID = (await evidence(projector))[0][0]
    await projector.database.pool.execute(broken, bad)
    await projector.turn(NOW)
    row = await projector.database.pool.fetchrow("SELECT attempts, error FROM dirty WHERE obligation = 'cykel-gang'")
    assert row is not None
    assert (row["attempts"], row["error"].split(":")[0]) == (1, "KeyError")
