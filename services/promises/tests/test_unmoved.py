"""Nothing public moves at the moment something secret is logged: not a byte of any public answer (semantics 19)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx
import pytest
from contracts.activities import ActivityCorrected, ActivityEvent, ActivityRetracted

from services.promises.tests.driving import TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
TOWN_PATH, ONE = "/v1/municipalities/2480", "/v1/municipalities/2480/obligations/cykel-gang"
COVERAGE = "/v1/municipalities/2480/obligations/trafikutbildning-ak4"
AREA = "/v1/areas/polisen-lpo-umea"
PUBLIC = [
    f"{TOWN_PATH}/promises",
    f"{TOWN_PATH}/fulfilment?period=2026",
    f"{TOWN_PATH}/fulfilment?period=2026/27",
    f"{TOWN_PATH}/agenda?days=400",
    f"{AREA}?period=2026",
    *[
        path + rest
        for path in (ONE, COVERAGE)
        for rest in (
            "",
            "?as_of=2026-05-10T12:00:00Z",
            "?as_of=2026-05-20T12:00:00Z",
            "?at=2027-02-01T12:00:00Z",
            "/history",
            "/history?limit=1",
            "/evidence",
            "/evidence?limit=1",
            "/assessments",
        )
    ],
    f"{COVERAGE}/evidence?period=2026/27",
    f"{COVERAGE}/history?period=2026/27",
]
SECRET = {"visibility": "count_only"}
SECOND = {"revision": 2, **SECRET}


async def seen(api: httpx.AsyncClient, projector: Projector) -> Mapping[str, Any]:
    """Every public answer, and what the public topic says."""
    found: dict[str, Any] = {}
    for path in PUBLIC:
        answer = await api.get(f"{path}{'&' if '?' in path else '?'}audience=public")
        found[path] = answer.raise_for_status().text
    told = [await projector.said("promise-status", path.rpartition("/")[2]) for path in (ONE, COVERAGE)]
    return found | {"promise-status": told}


@pytest.fixture
async def ready(projector: Projector, activity: NewActivity, at: At) -> Projector:
    """A public and a secret report, the secret one published; then it is the middle of the tertial."""
    await projector.load()
    await projector.ingest(
        activity("2026-04-14", recorded_at=at("2026-04-14T13:00")),
        activity("2026-04-15", **SECRET, recorded_at=at("2026-04-15T13:00")),
    )
    await projector.live(at("2026-05-21T14:00"))
    return projector


def pupils(period_day: str) -> dict[str, Any]:
    pair = {"obligation": "trafikutbildning-ak4", "counted_on": period_day}
    return {"obligations": ("trafikutbildning-ak4",), "footprint": (pair,), "quantities": {"pupils_offered": 5}}


@pytest.mark.parametrize(
    "made",
    [
        lambda new: [new("2026-05-20", **SECRET)],
        lambda new: [new("2026-05-21", confirmed_by=(), **SECRET)],
        lambda new: [new("2026-05-30", status="planned", **SECRET)],
        lambda new: [new("2026-10-30", status="planned", **SECRET)],
        lambda new: [new("2026-05-20", **SECRET), new("2026-05-20", **SECRET)],
        lambda new: [new("2026-05-20", organisation=TOWN, occasion_key="2026-05-20/torget", **SECRET)],
        lambda new: [new("2026-07-01", status="planned", **SECRET, **pupils("2026-07-01"))],
    ],
    ids=["report", "alone", "plan", "plan-in-autumn", "twice", "keyed", "plan-in-the-next-school-year"],
)
async def test_4_19_a_secret_word_moves_nothing_public(
    api: httpx.AsyncClient, ready: Projector, activity: NewActivity, at: At, made: Callable[[Any], list[ActivityEvent]]
) -> None:
    before = await seen(api, ready)
    now = {"recorded_at": at("2026-05-21T13:00")}
    await ready.ingest(*[each.model_copy(update=now) for each in made(activity)])
    await ready.turn()
    after = await seen(api, ready)
    assert {path for path, answer in before.items() if answer != after[path]} == set()
    assert "2026-05-21T11:00:00Z" in (await api.get(f"{TOWN_PATH}/promises")).text


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (ActivityCorrected, {"themes": ("bicycle_helmet",)}),
        (ActivityCorrected, {"status": "cancelled"}),
        (ActivityCorrected, {"confirmed_by": ()}),
        (ActivityRetracted, {"status": "retracted"}),
    ],
    ids=["corrected", "cancelled", "unconfirmed", "retracted"],
)
async def test_4_19_what_becomes_of_a_secret_report_moves_nothing_public(
    api: httpx.AsyncClient, ready: Projector, activity: NewActivity, kind: type[ActivityEvent], change: dict[str, Any]
) -> None:
    first = activity("2026-04-16", **SECRET)
    await ready.ingest(first)
    await ready.turn()
    before = await seen(api, ready)
    told = first.model_dump() | SECOND | change | {"recorded_at": ready.clock.now()}
    await ready.ingest(kind(**told))
    await ready.turn()
    after = await seen(api, ready)
    assert {path for path, answer in before.items() if answer != after[path]} == set()


async def test_a_public_report_does_move_it(
    api: httpx.AsyncClient, ready: Projector, activity: NewActivity, at: At
) -> None:
    before = await seen(api, ready)
    await ready.ingest(activity("2026-05-20", recorded_at=at("2026-05-21T13:00")))
    await ready.turn()
    after = await seen(api, ready)
    moved = {path for path, answer in before.items() if answer != after[path]}
    assert moved >= {ONE, f"{ONE}/history", f"{ONE}/evidence", f"{AREA}?period=2026", "promise-status"}
