from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from contracts.activities import ActivityEvent, ActivityRetracted

from services.promises.tests.driving import POLICE, TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]


def told(said: list[dict[str, Any]]) -> list[tuple[str, str, str, bool]]:
    return [(e["slot"], e["stage"], e["stage_date"][5:], e["late"]) for e in said if e["type"] != "settled"]


async def test_4_15_a_year_without_reports_tells_every_stage_of_both_seasons_once(projector: Projector, at: At) -> None:
    await projector.load()
    await projector.live(at("2027-01-15"))
    said = await projector.said("deadlines")
    assert told(said) == [
        ("spring", "opens", "03-01", False),
        ("spring", "half_time", "04-16", False),
        ("spring", "days_20", "04-29", False),
        ("spring", "days_10", "05-15", False),
        ("spring", "days_1", "05-28", False),
        ("spring", "missed", "06-15", False),
        ("autumn", "opens", "09-01", False),
        ("autumn", "half_time", "10-16", False),
        ("autumn", "days_20", "11-02", False),
        ("autumn", "days_10", "11-16", False),
        ("autumn", "days_1", "11-27", False),
        ("autumn", "missed", "12-15", False),
    ]
    assert {tuple(event["awaited"]) for event in said} == {(POLICE, TOWN)}
    assert [event["type"] for event in said if event["stage"] == "missed"] == ["missed", "missed"]


async def test_revisions_of_a_deadline_grow_by_one_with_every_word(projector: Projector, at: At) -> None:
    await projector.load()
    await projector.live(at("2026-06-01"))
    said = await projector.said("deadlines")
    assert [event["revision"] for event in said] == [1, 2, 3, 4, 5]
    assert len({event["deadline_id"] for event in said}) == 1


async def test_4_15_evaluating_again_after_a_rebuild_tells_nothing_twice(projector: Projector, at: At) -> None:
    await projector.load()
    await projector.live(at("2026-11-03"))
    before = len(await projector.said("deadlines"))
    await projector.database.pool.execute("UPDATE standing SET wake_at = $1", datetime(2026, 1, 1, tzinfo=UTC))
    await projector.turn()
    assert len(await projector.said("deadlines")) == before


async def test_after_downtime_the_latest_stage_is_told_late(projector: Projector, at: At) -> None:
    await projector.load()
    await projector.turn(at("2026-11-05"))
    assert told(await projector.said("deadlines")) == [("autumn", "days_20", "11-02", True)]


async def test_7_20_an_imported_past_tells_nothing(projector: Projector, at: At) -> None:
    await projector.load()
    await projector.turn(at("2027-06-01"))
    assert await projector.said("deadlines") == []


async def test_who_reported_is_settled_and_the_partner_goes_on_being_told(
    projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.live(at("2026-11-03"))
    before = len(await projector.said("deadlines"))
    alone = activity("2026-11-09", organisation=TOWN, confirmed_by=())
    await projector.ingest(alone)
    await projector.live(at("2026-11-17"))
    settled, ten = (await projector.said("deadlines"))[before:]
    assert (settled["type"], settled["awaited"], settled["reported"]) == ("settled", [POLICE], [TOWN])
    assert (ten["stage"], ten["awaited"]) == ("days_10", [POLICE])


async def test_a_slot_that_is_met_is_settled_and_one_that_opens_again_repeats_its_latest_stage(
    projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.live(at("2026-11-03"))
    before = len(await projector.said("deadlines"))
    done = activity("2026-11-05")
    await projector.ingest(done)
    await projector.turn(at("2026-11-06"))
    gone = activity("2026-11-05", ActivityRetracted, activity_id=done.activity_id, revision=2, status="retracted")
    await projector.ingest(gone)
    await projector.turn(at("2026-11-07"))
    settled, again = (await projector.said("deadlines"))[before:]
    assert (settled["type"], settled["awaited"], settled["cause"]) == ("settled", [], "fulfilled")
    assert (again["stage"], again["late"], again["awaited"]) == ("days_20", True, [POLICE, TOWN])
    assert again["revision"] == settled["revision"] + 1


async def test_4_7_a_plan_withholds_the_mail_and_its_cancellation_brings_it_back(
    projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    plan = activity("2026-11-20", status="planned", recorded_at=at("2026-10-01"))
    await projector.live(at("2026-09-02"))
    await projector.ingest(plan)
    await projector.live(at("2026-11-03"))
    assert told(await projector.said("deadlines"))[-1][1] == "opens"
    await projector.ingest(plan.model_copy(update={"revision": 2, "status": "cancelled"}))
    await projector.turn(at("2026-11-04"))
    assert told(await projector.said("deadlines"))[-1][1:] == ("days_20", "11-02", True)


async def test_a_season_that_ended_before_the_promise_was_valid_is_not_told(projector: Projector, at: At) -> None:
    await projector.load(valid_from=date(2026, 6, 5))
    await projector.live(at("2026-08-01"))
    assert await projector.said("deadlines") == []
