"""Text that was disposed of is gone from the evidence and comes back by no way; what is counted stays."""

import json
from collections.abc import Callable
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from aiokafka import ConsumerRecord
from chassis.dead_letters import DeadLetter
from contracts.activities import ActivityCorrected, ActivityEvent, TextDisposed
from contracts.envelope import binary

from chassis import dead_letters
from services.promises.tests.driving import Projector

NewActivity = Callable[..., ActivityEvent]
SLIP = "Anna i klass 4"


def disposal(about: ActivityEvent) -> TextDisposed:
    return TextDisposed(
        activity_id=about.activity_id,
        revision=about.revision,
        municipality=about.municipality,
        disposed_at=about.recorded_at,
    )


async def facts(projector: Projector) -> list[dict[str, Any]]:
    rows = await projector.database.pool.fetch("SELECT facts FROM evidence ORDER BY activity_id, revision")
    return [json.loads(row["facts"]) for row in rows]


async def test_7_24_what_is_counted_stays_and_the_standing_with_it(projector: Projector, activity: NewActivity) -> None:
    await projector.load()
    logged = activity("2026-04-14", title=SLIP, performed_by=SLIP)
    await projector.ingest(logged)
    await projector.turn(logged.recorded_at)
    before = await projector.standing()
    await projector.ingest(disposal(logged))
    await projector.turn()
    [kept] = await facts(projector)
    assert kept == json.loads(logged.model_dump_json(exclude_none=True, exclude={"title", "performed_by"}))
    assert await projector.standing() == before


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("together", [True, False])
async def test_7_24_in_any_order_and_batch_the_text_is_gone(
    projector: Projector, activity: NewActivity, order: tuple[int, ...], *, together: bool
) -> None:
    logged = activity("2026-04-14", title=SLIP)
    second = ActivityCorrected(**(logged.model_dump() | {"revision": 2, "title": SLIP}))
    events = [logged, second, disposal(second)]
    batches = [[events[n] for n in order]] if together else [[events[n]] for n in order]
    for batch in batches:
        await projector.ingest(*batch)
    found = await facts(projector)
    assert len(found) == 2
    assert SLIP not in str(found)


async def test_a_redelivery_brings_nothing_back_and_is_no_conflict(projector: Projector, activity: NewActivity) -> None:
    logged = activity("2026-04-14", title=SLIP)
    for batch in ([logged], [disposal(logged)], [logged], [logged, disposal(logged), logged]):
        await projector.ingest(*batch)
    assert SLIP not in str(await facts(projector))
    assert await projector.letters() == []


async def test_a_later_text_stays_until_it_is_disposed_of_itself(projector: Projector, activity: NewActivity) -> None:
    logged = activity("2026-04-14", title=SLIP)
    later = ActivityCorrected(**(logged.model_dump() | {"revision": 2, "title": "Reflexer"}))
    await projector.ingest(logged, disposal(logged), later)
    assert [each.get("title") for each in await facts(projector)] == [None, "Reflexer"]
    await projector.ingest(disposal(later), disposal(logged))
    assert [each.get("title") for each in await facts(projector)] == [None, None]


async def test_another_activity_keeps_its_text(projector: Projector, activity: NewActivity) -> None:
    other = UUID("01890000-0000-7000-8000-000000000001")
    logged = activity("2026-04-14", title=SLIP)
    await projector.ingest(logged, activity("2026-04-15", activity_id=other, title="Reflexer"), disposal(logged))
    assert sorted(str(each.get("title")) for each in await facts(projector)) == ["None", "Reflexer"]


async def test_records_set_aside_that_hold_it_are_given_up(projector: Projector, activity: NewActivity) -> None:
    logged = activity("2026-04-14", title=SLIP)
    for n, about in enumerate((logged, activity("2026-04-15", title="Reflexer"))):
        headers, value = binary(
            event_id=str(n), source="/s", subject=str(about.activity_id), time=about.recorded_at, data=about
        )
        record: Any = ConsumerRecord("activities", 0, n, 0, 0, b"k", value, None, 1, len(value), tuple(headers))
        async with projector.database.transaction() as work:
            letter = DeadLetter(record, "conflicting_revision", "mend it", str(n), logged.TYPE)
            await dead_letters.keep(work.sql, [letter], logged.recorded_at)
    await projector.ingest(disposal(logged))
    rows = await projector.database.pool.fetch("SELECT value IS NULL AS gone, resolution FROM dead_letter ORDER BY id")
    assert [tuple(row) for row in rows] == [(True, "discarded"), (False, None)]
