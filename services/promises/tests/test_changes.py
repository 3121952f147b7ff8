"""What a changed catalogue, a moved activity and evidence from another time do to standings and deadlines."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4, uuid5

import pytest
from contracts.activities import ActivityCorrected, ActivityEvent, ActivityRetracted
from promises.application.events import NAMESPACE
from promises.application.load import load
from promises.catalogue.check import checked

from services.promises.tests.driving import CATALOGUE, POLICE, TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
Change = Callable[[str, str], Any]
OTHER = "moped-a-traktor"


@pytest.fixture
def change(projector: Projector, tmp_path: Path) -> Change:
    """Load Umeå's catalogue with one text replaced."""
    shutil.copytree(CATALOGUE.parent, tmp_path, dirs_exist_ok=True)
    place = tmp_path / CATALOGUE.name

    async def load_with(old: str, new: str) -> None:
        text = CATALOGUE.read_text(encoding="utf-8")
        assert old in text
        place.write_text(text.replace(old, new), encoding="utf-8")
        await load(projector.database, *checked(place), projector.clock.now())

    return load_with


async def test_7_20_a_window_that_moves_settles_the_old_deadline_and_reminds_anew(
    projector: Projector, at: At, change: Change
) -> None:
    await projector.load()
    await projector.live(at("2026-11-03"))
    before = await projector.said("deadlines")
    await change('to: "11-30"', 'to: "12-04"')
    await projector.live(at("2026-11-17"))
    after = (await projector.said("deadlines"))[len(before) :]
    settled = [event for event in after if event["type"] == "settled"]
    assert [(event["cause"], event["awaited"], event["last_day"]) for event in settled] == [("moved", [], "2026-11-30")]
    assert settled[0]["deadline_id"] == before[-1]["deadline_id"]
    assert [(e["stage"], e["last_day"], e["late"]) for e in after if e not in settled] == [
        ("half_time", "2026-12-04", True),
        ("days_20", "2026-12-04", False),
    ]


async def test_7_20_the_key_of_a_deadline_holds_municipality_obligation_period_slot_and_last_day(
    projector: Projector, at: At
) -> None:
    await projector.load()
    await projector.live(at("2026-09-02"))
    said = await projector.said("deadlines")
    names = {each["slot"]: f"2480/cykel-gang/2026/{each['slot']}/{each['last_day']}" for each in said}
    keys = {each["slot"]: str(uuid5(NAMESPACE, f"deadline/{names[each['slot']]}")) for each in said}
    assert {each["slot"]: each["deadline_id"] for each in said} == keys
    assert names["autumn"].endswith("/2026-11-30")


async def test_a_promise_that_is_withdrawn_settles_its_deadlines_and_reminds_no_more(
    projector: Projector, at: At, change: Change
) -> None:
    await projector.load()
    await projector.live(at("2026-11-03"))
    before = await projector.said("deadlines")
    await change("cykel-gang", "cykel-gang-ny")
    withdrawn = [event["promise"] for event in await projector.said("promises") if event["type"] == "withdrawn"]
    assert withdrawn == ["cykel-gang"]
    await projector.live(at("2027-01-15"))
    after = (await projector.said("deadlines"))[len(before) :]
    assert {(event["type"], event["cause"], *event["awaited"]) for event in after} == {("settled", "withdrawn")}
    assert {event["slot"] for event in after} == {"spring", "autumn"}
    assert (await projector.said("deadlines", "cykel-gang-ny"))[-1]["stage"] == "missed"


async def test_an_activity_that_moves_to_another_obligation_leaves_the_former(
    projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    first = activity("2026-04-14")
    pairs = tuple({"obligation": name, "counted_on": date(2026, 4, 14)} for name in ("cykel-gang", OTHER))
    moved = {"activity_id": first.activity_id, "obligations": (OTHER,), "footprint": pairs}
    for events, count in (((first,), 1), ((activity("2026-04-14", ActivityCorrected, revision=2, **moved),), 0)):
        await projector.ingest(*events)
        await projector.turn(at("2026-04-20"))
        assert (await projector.standing())["counted"] == count


async def test_4_1_evidence_that_comes_long_after_closing_changes_the_verdict_of_its_own_year(
    projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"))
    await projector.live(at("2027-01-15"))
    assert (await projector.standing())["verdict"] == "partially_fulfilled"
    await projector.turn(at("2027-05-01"))
    await projector.ingest(activity("2026-11-09", recorded_at=at("2027-05-01")), activity("2027-04-14"))
    await projector.turn()
    found = await projector.standing()
    assert (found["period"], found["verdict"], found["counted"]) == ("2026", "fulfilled", 2)


async def test_of_two_contents_of_a_revision_in_a_batch_the_first_is_kept_whatever_days_they_name(
    projector: Projector, activity: NewActivity
) -> None:
    last, first, middle = ({"obligation": "cykel-gang", "counted_on": date(2026, month, 14)} for month in (5, 3, 4))
    about = {"activity_id": uuid4(), "revision": 2}
    kept = activity("2026-04-14", ActivityCorrected, **about, footprint=(last, middle))
    other = activity("2026-03-14", ActivityCorrected, **about, footprint=(last, first))
    await projector.ingest(kept, other)
    rows = await projector.database.pool.fetch("SELECT counted_on, state FROM evidence ORDER BY counted_on")
    assert [tuple(row) for row in rows] == [(date(2026, 4, 14), "counted"), (date(2026, 5, 14), "released")]
    assert await projector.letters() == ["conflicting_revision"]


async def test_a_slot_that_opens_again_after_its_stages_are_forgotten_tells_nothing_however_often_it_is_judged(
    projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.live(at("2026-03-02"))
    done = activity("2026-03-03")
    await projector.ingest(done)
    await projector.live(at("2026-07-20"))
    before = await projector.said("deadlines")
    gone = activity("2026-03-03", ActivityRetracted, activity_id=done.activity_id, revision=2, status="retracted")
    for events in ((gone,), (gone,), (activity("2026-07-20", organisation="ntf", confirmed_by=()),)):
        await projector.ingest(*events)
        await projector.turn()
    assert (await projector.standing())["slots"][0]["state"] == "missed"
    assert await projector.said("deadlines") == before


async def test_two_replicas_living_through_the_year_tell_each_stage_once(
    projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.turn()
    other = Projector(projector.database)
    await projector.ingest(activity("2026-11-09", organisation=TOWN, confirmed_by=(), recorded_at=at("2026-11-09")))
    await asyncio.gather(projector.live(at("2027-01-15")), other.live(at("2027-01-15")))
    said = [(e["slot"], e["stage"]) for e in await projector.said("deadlines") if e["type"] != "settled"]
    assert len(said) == len(set(said)) >= 6
    assert {tuple(e["awaited"]) for e in await projector.said("deadlines") if e["slot"] == "autumn"} == {(POLICE,)}
