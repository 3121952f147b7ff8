from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from contracts.activities import ActivityEvent, BaselineReported

from services.promises.tests.driving import TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
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
