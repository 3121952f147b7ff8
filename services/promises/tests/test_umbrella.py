import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import httpx
from contracts.activities import ActivityEvent, BaselineReported

from services.promises.tests.driving import TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
NOW = datetime(2026, 11, 20, tzinfo=UTC)


async def test_an_umbrella_shows_its_children_and_judges_nothing(projector: Projector, activity: NewActivity) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"), activity("2026-11-09"))
    await projector.turn(NOW)
    found = await projector.standing(obligation="trygg-trafikmiljo")
    assert (found["verdict"], found["pace"], found["phase"], found["need"]) == (None, None, "open", 0)
    children = {child["obligation"]: child["verdict"] or child["pace"] for child in found["children"]}
    assert children == {
        "cykel-gang": "fulfilled",
        "moped-a-traktor": None,
        "trafikantkampanjer": None,
        "trafikutbildning-ak4": "cannot_be_assessed",
    }


async def test_a_child_that_changes_changes_the_umbrella(projector: Projector) -> None:
    await projector.load()
    await projector.turn(NOW)
    before = await projector.standing(obligation="trygg-trafikmiljo")
    pupils = {"Ersboda": 25}
    about = {"baseline_id": uuid4(), "revision": 1, "municipality": "2480", "obligation": "trafikutbildning-ak4"}
    said = {"organisation": TOWN, "source": "/x", "quantity": "pupils_enrolled", "total": 25, "units": pupils}
    await projector.ingest(BaselineReported(**about, **said, period="2026/27", recorded_at=NOW, catalogue_revision=1))
    await projector.turn()
    after = await projector.standing(obligation="trygg-trafikmiljo")
    verdicts = [
        next(child["verdict"] for child in found["children"] if child["obligation"] == "trafikutbildning-ak4")
        for found in (before, after)
    ]
    assert verdicts == ["cannot_be_assessed", None]
    assert after["revision"] == before["revision"] + 1


async def shown_below(projector: Projector, period: str, child: str = "cykel-gang") -> list[str | None]:
    """What an umbrella's period says of a child: its period, phase and verdict."""
    body = (await projector.stored())["trygg-trafikmiljo", period, "internal"]
    [found] = [each for each in json.loads(body)["children"] if each["obligation"] == child]
    return [found[name] for name in ("period", "phase", "verdict")]


async def test_4_14_what_becomes_of_a_child_after_the_year_shows_in_the_years_umbrella(
    projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"))
    await projector.live(at("2027-01-10"))
    assert await shown_below(projector, "2026") == ["2026", "in_grace", None]
    await projector.live(at("2027-01-16"))
    assert await shown_below(projector, "2026") == ["2026", "closed", "partially_fulfilled"]
    await projector.ingest(activity("2026-11-09", recorded_at=at("2027-01-20T09:00")))
    await projector.turn(at("2027-01-20T09:01"))
    assert await shown_below(projector, "2026") == ["2026", "closed", "fulfilled"]


async def test_4_14_a_closed_umbrella_shows_its_children_as_they_closed_and_not_those_of_the_next_year(
    projector: Projector, activity: NewActivity, at: At, api: httpx.AsyncClient
) -> None:
    await projector.load(until=date(2027, 12, 31))
    await projector.ingest(activity("2026-04-14"), activity("2026-11-09"))
    await projector.live(at("2027-02-02"))
    assert await shown_below(projector, "2026") == ["2026", "closed", "fulfilled"]
    assert await shown_below(projector, "2027") == ["2027", "open", None]
    kept = await projector.stored()
    await projector.judge_everything()
    assert await projector.stored() == kept
    path = "/v1/municipalities/2480/obligations/trygg-trafikmiljo?as_of=2027-02-01T12:00:00Z"
    told = [each["children"] for each in (await api.get(path)).json()["standings"]]
    assert told == [json.loads(kept["trygg-trafikmiljo", year, "internal"])["children"] for year in ("2026", "2027")]


async def test_nobody_is_reminded_of_an_umbrella(projector: Projector) -> None:
    await projector.load()
    await projector.live(NOW)
    assert await projector.said("deadlines", obligation="trygg-trafikmiljo") == []
    assert await projector.said("deadlines", obligation="moped-a-traktor")


async def test_each_source_is_heard_with_its_last_word(projector: Projector, activity: NewActivity) -> None:
    await projector.ingest(activity("2026-04-14"), activity("2026-05-01"), activity("2026-04-20", source="/other"))
    rows = await projector.database.pool.fetch("SELECT source, last_recorded_at FROM feed ORDER BY source")
    assert [(row["source"], row["last_recorded_at"].month) for row in rows] == [
        ("/organisations/polisen-lpo-umea", 5),
        ("/other", 4),
    ]
