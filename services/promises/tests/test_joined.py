"""Settled reading 7.12 where the reports of one occasion are made for different obligations."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import permutations
from typing import Any

import httpx
import pytest
from chassis.database import UnitOfWork
from contracts.activities import ActivityCorrected, ActivityEvent, TextDisposed
from promises.application.ingest import fill
from promises.store import dirty, shadow

from services.promises.tests.driving import NOW, POLICE, TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
CYKEL, MOPED = "cykel-gang", "moped-a-traktor"
DAY = "2026-04-14"
PATH = "/v1/municipalities/2480"
SECRET = {"visibility": "count_only"}


@pytest.fixture
def told(activity: NewActivity) -> NewActivity:
    """An organisation's report for one obligation, under the key of its day unless told otherwise."""

    def new(organisation: str, obligation: str, day: str = DAY, **changes: Any) -> ActivityEvent:  # noqa: ANN401
        pairs = ({"obligation": obligation, "counted_on": date.fromisoformat(day)},)
        said = {"obligations": (obligation,), "footprint": pairs, "occasion_key": f"{day}/torget", "confirmed_by": ()}
        return activity(day, organisation=organisation, audiences=("cyclist", "tuned_moped"), **(said | changes))

    return new


def corrected(before: ActivityEvent, **changes: Any) -> ActivityEvent:  # noqa: ANN401
    """The next revision, its footprint grown by what it is now reported for."""
    body = before.model_dump() | {"revision": before.revision + 1} | changes
    pairs = [{"obligation": name, "counted_on": body["counted_on"]} for name in body["obligations"]]
    pairs += [pair for pair in body["footprint"] if pair not in pairs]
    return ActivityCorrected(**(body | {"footprint": pairs}))


async def counts(projector: Projector, audience: str = "internal") -> tuple[int, int, int]:
    """What counts for cyclists, waits for a partner there, and counts against tuned mopeds."""
    cykel, moped = [await projector.standing(audience, name) for name in (CYKEL, MOPED)]
    return cykel["counted"], cykel["partner_missing"], moped["counted"]


@pytest.mark.parametrize("cut", [1, 2])
@pytest.mark.parametrize("first", [POLICE, TOWN])
async def test_7_12_an_occasion_counts_for_every_obligation_that_is_named_under_its_key(
    projector: Projector, told: NewActivity, cut: int, first: str
) -> None:
    """The police alone own the one, and both take part in the other: neither counts by one report."""
    await projector.load()
    events = sorted((told(POLICE, CYKEL), told(TOWN, MOPED)), key=lambda each: each.organisation != first)
    for batch in (events[:cut], events[cut:]):
        await projector.ingest(*batch)
        await projector.turn()
    assert await counts(projector) == (1, 0, 1)
    assert "reports_disagree" not in [each["code"] for each in (await projector.standing())["reasons"]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (1, 0, 1)),
        ({"obligations": (MOPED,)}, (0, 0, 1)),
        ({"obligations": (CYKEL, MOPED)}, (1, 0, 1)),
        ({"status": "retracted"}, (0, 0, 0)),
        ({"status": "planned"}, (0, 0, 0)),
        ({"status": "cancelled"}, (0, 0, 0)),
        ({"occasion_key": None}, (0, 1, 0)),
        ({"occasion_key": "other"}, (0, 1, 0)),
        ({"counted_on": "other", "occasion_key": "later"}, (0, 1, 0)),
    ],
    ids=["nothing", "moved", "more", "retracted", "planned", "cancelled", "keyless", "another-key", "another-day"],
)
async def test_7_12_what_a_correction_leaves_of_it_counts_in_whatever_order_all_arrives(
    projector: Projector, told: NewActivity, change: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    """Every order has an occasion of its own; the obligations are judged after each report."""
    await projector.load()
    for number, order in enumerate(permutations(range(3)), 1):
        day, later = f"2026-04-{number:02}", date(2026, 5, number)
        meant: dict[str, dict[Any, Any]] = {
            "occasion_key": {"other": f"{day}/annat", "later": f"{later}/torget"},
            "counted_on": {"other": later},
        }
        changes = {name: meant.get(name, {}).get(value, value) for name, value in change.items()}
        police = told(POLICE, CYKEL, day)
        events = [police, corrected(police, **changes), told(TOWN, MOPED, day)]
        for place in order:
            await projector.ingest(events[place])
            await projector.turn()
        assert await counts(projector) == tuple(number * each for each in expected)


async def test_7_12_the_other_obligation_is_judged_again_for_the_day_on_which_something_was_reported_for_it(
    projector: Projector, told: NewActivity
) -> None:
    """Also when a batch holds nothing but a disposal, or a correction that takes the key away."""
    await projector.load()
    town, gone = told(TOWN, MOPED), {"municipality": "2480", "disposed_at": NOW}
    disposed = TextDisposed(activity_id=town.activity_id, revision=1, **gone)
    await projector.ingest(told(POLICE, CYKEL))
    for event in (town, disposed, corrected(town, occasion_key=None)):
        await projector.turn()
        await projector.ingest(event)
        async with projector.database.pool.acquire() as sql:
            assert set(await dirty.waiting(sql)) == {("2480", CYKEL), ("2480", MOPED)}
    await projector.turn()
    assert await counts(projector) == (0, 1, 0)


async def test_7_12_a_key_joins_nothing_in_another_municipality(projector: Projector, told: NewActivity) -> None:
    await projector.load()
    await projector.ingest(told(POLICE, CYKEL), told(TOWN, MOPED, municipality="2404"))
    await projector.turn()
    assert await counts(projector) == (0, 1, 0)


async def test_7_12_and_7_22_a_secret_report_for_another_obligation_changes_nothing_public_before_the_tertial(
    projector: Projector, told: NewActivity, api: httpx.AsyncClient, at: At
) -> None:
    await projector.load()

    async def public() -> dict[str, Any]:
        path = f"{PATH}/obligations/{CYKEL}"
        answers = [await api.get(f"{path}{more}", params={"audience": "public"}) for more in ("", "/evidence")]
        shown, behind = [answer.raise_for_status().json() for answer in answers]
        return {"standings": shown["standings"], "evidence": behind["evidence"]}

    await projector.ingest(told(POLICE, CYKEL, title="Torget", recorded_at=at("2026-04-14T13:00")))
    await projector.turn(at("2026-04-14T14:00"))
    before, events = await public(), await projector.said("promise-status")
    await projector.ingest(told(TOWN, MOPED, recorded_at=at("2026-04-14T15:00"), **SECRET))
    await projector.turn(at("2026-04-14T16:00"))
    assert (await public(), await projector.said("promise-status")) == (before, events)
    assert await counts(projector) == (1, 0, 1)
    assert await counts(projector, "public") == (0, 1, 0)
    assert [each["title"] for each in before["evidence"]] == ["Torget"]
    await projector.live(at("2026-05-01"))
    assert await counts(projector, "public") == (1, 0, 1)
    assert (await public())["evidence"] == [{"details": "withheld"}] * 2


async def test_7_12_and_7_22_an_occasion_that_is_secretly_reported_for_an_obligation_is_not_joined_in_public(
    projector: Projector, told: NewActivity, at: At
) -> None:
    await projector.load()
    secret = told(POLICE, CYKEL, recorded_at=at("2026-04-14T13:00"), **SECRET)
    await projector.ingest(secret, told(TOWN, MOPED, recorded_at=at("2026-04-14T13:00")))
    await projector.turn(at("2026-04-14T16:00"))
    assert (await counts(projector), await counts(projector, "public")) == ((1, 0, 1), (0, 0, 0))


async def test_7_12_whoever_asks_about_an_earlier_moment_is_answered_by_what_was_reported_by_then(
    projector: Projector, told: NewActivity, api: httpx.AsyncClient, at: At
) -> None:
    projector.clock.moment = at("2026-01-01")
    await projector.load()
    await projector.ingest(told(POLICE, CYKEL, recorded_at=at("2026-04-14T13:00")))
    await projector.ingest(told(TOWN, MOPED, recorded_at=at("2026-04-20T13:00")))
    await projector.turn(at("2026-05-04T10:00"))
    found = []
    for day in ("2026-04-15", "2026-04-21"):
        asked = {"as_of": at(day).isoformat(), "audience": "internal"}
        answer = await api.get(f"{PATH}/obligations/{CYKEL}", params=asked)
        found += [each["counted"] for each in answer.raise_for_status().json()["standings"]]
    assert found == [0, 1]


async def test_7_12_what_waits_for_a_partner_names_the_report_of_the_obligation_to_confirm(
    projector: Projector, told: NewActivity, api: httpx.AsyncClient, at: At
) -> None:
    await projector.load()
    own = told(POLICE, CYKEL)
    await projector.ingest(own, told("ntf", MOPED))
    await projector.turn(at("2026-05-04T10:00"))
    [waiting] = (await api.get(f"{PATH}/unconfirmed")).raise_for_status().json()["occasions"]
    assert [each["activity_id"] for each in waiting["reports"]] == [str(own.activity_id)]


async def test_7_12_evidence_filled_in_beside_the_tables_in_use_joins_alike_and_marks_nothing(
    projector: Projector, told: NewActivity
) -> None:
    await projector.load()
    await projector.turn()
    received = [projector.received(told(POLICE, CYKEL)), projector.received(told(TOWN, MOPED))]
    async with projector.database.pool.acquire() as sql:
        await sql.execute("SET search_path = shadow, public")
        await shadow.make(sql)
        await fill(UnitOfWork(sql, "/services/promises"), received)
        await shadow.finish(sql)
        await shadow.swap(sql)
        await sql.execute("RESET search_path")
        indexes = await sql.fetch("SELECT indexname FROM pg_indexes WHERE tablename = 'evidence' ORDER BY 1")
        assert (await dirty.waiting(sql), len(indexes)) == ([], 3)
        await dirty.mark_all_days(sql, [("2480", CYKEL), ("2480", MOPED)])
    await projector.turn()
    assert await counts(projector) == (1, 0, 1)
