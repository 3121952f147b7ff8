"""What was and what comes: history, how it stood by what was known then, and a forecast."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from contracts.activities import ActivityCorrected, ActivityEvent, BaselineReported

from services.promises.tests.driving import POLICE, TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
PATH = "/v1/municipalities/2480/obligations/cykel-gang"


async def got(api: httpx.AsyncClient, path: str, **query: str | int) -> dict[str, Any]:
    answer: dict[str, Any] = (await api.get(path, params=query)).raise_for_status().json()
    return answer


async def stood(api: httpx.AsyncClient, moment: datetime, audience: str = "internal") -> dict[str, Any]:
    answer = await got(api, PATH, as_of=moment.isoformat(), audience=audience)
    [found] = answer["standings"]
    return {"provisional": answer["provisional"]} | dict(found)


async def test_history_tells_every_change_newest_first_in_pages(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.live(at("2026-04-15"))
    await projector.ingest(activity("2026-04-14"))
    await projector.live(at("2027-01-15"))
    whole = (await got(api, f"{PATH}/history"))["history"]
    assert (whole[0]["verdict"], whole[-1]["phase"]) == ("partially_fulfilled", "open")
    assert [each["changed_at"] for each in whole] == sorted((each["changed_at"] for each in whole), reverse=True)
    pages: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = await got(api, f"{PATH}/history", limit=2, **cursor)
        pages += page["history"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert pages == whole
    assert (await got(api, f"{PATH}/history", period="2027"))["history"] == []


async def test_as_of_answers_by_what_had_been_recorded_then(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    first = activity("2026-04-14", recorded_at=at("2026-04-15T09:00"))
    gone = ActivityCorrected(
        **(first.model_dump() | {"revision": 2, "status": "retracted", "recorded_at": at("2026-05-02T09:00")})
    )
    await projector.ingest(first, gone)
    await projector.live(at("2026-06-10"))
    days = ("2026-04-14T23:00", "2026-04-15T09:00", "2026-05-02T08:59", "2026-05-02T09:00")
    assert [(await stood(api, at(day)))["counted"] for day in days] == [0, 1, 1, 0]
    assert (await stood(api, at("2026-04-15T09:00")))["phase"] == "open"


async def test_7_8_the_highest_baseline_known_at_the_time_rules(
    api: httpx.AsyncClient, projector: Projector, at: At
) -> None:
    await projector.load()
    about: dict[str, Any] = {"baseline_id": uuid4(), "municipality": "2480", "obligation": "trafikutbildning-ak4"}
    about |= {"period": "2026/27", "quantity": "pupils_enrolled", "organisation": TOWN, "source": "/s"}
    for day, revision, total in (("2026-09-10", 2, 600), ("2026-09-01", 1, 541)):
        said = {"revision": revision, "total": total, "recorded_at": at(day), "catalogue_revision": 1}
        await projector.ingest(BaselineReported(**about, **said))
    await projector.live(at("2026-10-01"))
    path, found = PATH.replace("cykel-gang", "trafikutbildning-ak4"), []
    for day in ("2026-08-31", "2026-09-02", "2026-09-11"):
        *_, last = (await got(api, path, as_of=at(day).isoformat()))["standings"]
        found.append((last["period"], last["verdict"], last["need"]))
    assert found == [("2026/27", "cannot_be_assessed", 0), ("2026/27", None, 541), ("2026/27", None, 600)]


async def test_as_of_now_is_the_standing_that_is_kept(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"), activity("2026-10-02", organisation=TOWN, confirmed_by=()))
    await projector.live(at("2026-11-10"))
    for name in ("cykel-gang", "trygg-trafikmiljo", "trafikutbildning-ak4", "tillganglig-polis"):
        for audience in ("internal", "public"):
            path = PATH.replace("cykel-gang", name)
            kept = (await got(api, path, audience=audience))["standings"]
            anew = (await got(api, path, audience=audience, as_of=at("2026-11-10").isoformat()))["standings"]
            begun = [each for each in kept if each["phase"] != "not_started"]
            now_only = {"revision", "changed_at"}
            told = [{k: v for k, v in each.items() if k not in now_only} for each in begun]
            assert anew == told


async def test_a_moment_beyond_what_was_heard_is_provisional(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14", recorded_at=at("2026-04-15T09:00")))
    await projector.live(at("2026-06-10"))
    days = ("2026-04-15T09:00", "2026-04-15T09:01")
    assert [(await stood(api, at(day)))["provisional"] for day in days] == [False, True]
    public = [(await stood(api, at(day), "public"))["provisional"] for day in ("2026-04-30", "2026-05-01")]
    assert public == [False, True]


async def test_what_was_withheld_then_is_not_told_now(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    plan = activity("2026-05-20", status="planned", recorded_at=at("2026-04-15T09:00"))
    await projector.ingest(plan)
    await projector.turn(at("2026-04-16"))
    hidden = plan.model_dump() | {"revision": 2, "visibility": "count_only", "recorded_at": at("2026-04-17T09:00")}
    await projector.ingest(ActivityCorrected(**hidden))
    await projector.live(at("2026-06-10"))
    for query in ({"as_of": at("2026-04-16").isoformat()}, {}):
        path = PATH if query else f"{PATH}/history"
        assert "2026-05-20" not in (await api.get(path, params={"audience": "public", **query})).text
        assert "2026-05-20" in (await api.get(path, params=query)).text


async def test_a_forecast_tells_what_becomes_of_it_if_nothing_more_happens(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"))
    await projector.turn(at("2026-06-10"))
    for day, expected in (("2026-12-01", (None, True)), ("2027-01-15", ("partially_fulfilled", False))):
        [found] = (await got(api, PATH, at=at(day).isoformat()))["standings"]
        assert (found["verdict"], found["overdue"]) == expected
    assert (await got(api, PATH))["standings"][0]["verdict"] is None


async def test_a_forecast_publishes_nothing_before_its_time(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.turn(at("2026-04-10"))
    path, query = PATH, {"audience": "public", "at": at("2026-09-02").isoformat()}
    await projector.turn(at("2026-04-16"))
    before = (await api.get(path, params=query)).text
    secret = {"organisation": POLICE, "visibility": "count_only", "recorded_at": at("2026-04-15T09:00")}
    await projector.ingest(activity("2026-04-14", **secret))
    await projector.turn(at("2026-04-16"))
    assert (await api.get(path, params=query)).text == before
    [inside] = (await got(api, path, at=query["at"]))["standings"]
    assert inside["counted"] == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("?as_of=2026-06-11T00:00:00Z", "lies in the future"),
        ("?at=2026-06-01T00:00:00Z", "has passed"),
        ("?as_of=2026-06-01T00:00:00Z&at=2026-07-01T00:00:00Z", "ask for one of them"),
        ("?as_of=2026-06-01T00:00:00", "1 field"),
        ("?as_of=yesterday", "1 field"),
        ("/history?cursor=2026-06-01", "cursor"),
        ("/history?cursor=2026-99-01T00:00:00Z/1/2026", "cursor"),
        ("/evidence?cursor=next", "cursor"),
        ("/evidence?limit=0", "1 field"),
        ("/evidence?period=26", "1 field"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    api: httpx.AsyncClient, projector: Projector, at: At, path: str, said: str
) -> None:
    await projector.load()
    await projector.turn(at("2026-06-10"))
    answer = await api.get(PATH + path)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert said in answer.json()["detail"]


async def test_before_there_was_a_catalogue_nothing_stood(api: httpx.AsyncClient, projector: Projector, at: At) -> None:
    await projector.load()
    answer = await api.get(PATH, params={"as_of": at("2025-12-01").isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
    assert (await api.get(f"{PATH}/evidence?period=2031")).status_code == 404
    assert (await api.get(PATH.replace("cykel-gang", "finns-inte") + "/history")).status_code == 404
