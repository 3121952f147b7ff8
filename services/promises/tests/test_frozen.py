"""Semantics 4.1 (its second half) and settled reading 7.26: the report of a period is frozen, and collected anew."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
from chassis.database import connect
from chassis.settings import Settings
from contracts.activities import ActivityCorrected, ActivityEvent, TextDisposed
from local.tokens import Keys
from prometheus_client import REGISTRY
from promises.application import rebuild
from promises.application.freeze import Freezer
from promises.application.load import load
from promises.catalogue.check import checked
from promises.domain.frozen import collected_on

from services.promises.tests.driving import CATALOGUE, Projector
from services.promises.tests.promising import moment

NewActivity = Callable[..., ActivityEvent]
View = dict[str, Any]
PATH = "/v1/municipalities/2480/reports"
CLOSES = "2027-01-15"
WITHHELD = {"details": "withheld"}


class Reader:
    """What a citizen finds at a moment: time passes as it does for a service that runs."""

    def __init__(self, projector: Projector, client: httpx.AsyncClient) -> None:
        self._projector, self._client = projector, client

    async def on(self, day: str) -> None:
        await self._projector.live(moment(day))

    async def revisions(self, period: str = "2026") -> list[str]:
        """When each was frozen."""
        every = (await self._client.get(PATH)).raise_for_status().json()["reports"]
        return [each["frozen_at"] for report in every if report["period"] == period for each in report["revisions"]]

    async def report(self, revision: int | None = None, period: str = "2026") -> View:
        params = {"revision": revision} if revision else {}
        found: View = (await self._client.get(f"{PATH}/{period}", params=params)).raise_for_status().json()
        return found

    async def printed(self, revision: int | None = None, obligation: str = "cykel-gang") -> View:
        """Of one obligation."""
        [found] = [o for o in (await self.report(revision))["obligations"] if o["obligation"] == obligation]
        return dict(found)


@pytest.fixture
async def reader(projector: Projector, api: httpx.AsyncClient) -> Reader:
    projector.clock.moment = moment("2026-01-01")
    await projector.load()
    return Reader(projector, api)


def corrected(first: ActivityEvent, day: str, **changes: object) -> ActivityEvent:
    about = {"revision": first.revision + 1, "recorded_at": moment(day)}
    return ActivityCorrected(**(first.model_dump() | about | changes))


def late(activity: NewActivity, logged: str, **changes: Any) -> ActivityEvent:  # noqa: ANN401
    """An autumn operation that is logged after all."""
    return activity("2026-10-14", recorded_at=moment(logged), **changes)


def failures() -> float:
    return REGISTRY.get_sample_value("lofteskollen_freezing_failures_total") or 0.0


@pytest.mark.parametrize(
    ("change", "day"),
    [("2027-01-15", "2027-01-15"), ("2027-01-15T00:01", "2027-01-16"), ("2027-01-15T23:59", "2027-01-16")],
)
def test_7_26_what_changes_is_collected_after_the_next_midnight_in_sweden(change: str, day: str) -> None:
    assert collected_on(moment(change)) == date.fromisoformat(day)


async def test_7_26_a_report_is_frozen_at_the_moment_its_period_has_closed(
    reader: Reader, projector: Projector, activity: NewActivity
) -> None:
    await projector.ingest(activity("2026-04-14", title="Torget", performed_by="NTF"))
    await reader.on("2027-01-14T23:59")
    assert await reader.revisions() == []
    await reader.on(CLOSES)
    assert await reader.revisions() == ["2027-01-14T23:00:00Z"]
    shown = await reader.printed()
    assert (shown["verdict"], shown["counted"], shown["need"]) == ("partially_fulfilled", 1, 2)
    assert "Höstens insats saknas. Sista dag var 30 november." in [reason["sv"] for reason in shown["reasons"]]
    assert [item["count"] for item in shown["missing"]] == [0]
    [line] = shown["evidence"]
    assert (line["counted_on"], line["title"], line["performed_by"]) == ("2026-04-14", "Torget", "NTF")


async def test_7_26_it_waits_for_the_obligation_with_the_longest_grace(projector: Projector, reader: Reader) -> None:
    catalogue, organisations = checked(CATALOGUE)
    slow = catalogue.promises[-1].obligations[0]
    grace = replace(slow.grace_days, value=30)
    entries = (slow.model_copy(update={"grace_days": grace}), *catalogue.promises[-1].obligations[1:])
    last = catalogue.promises[-1].model_copy(update={"obligations": entries})
    changed = catalogue.model_copy(update={"promises": (*catalogue.promises[:-1], last)})
    await load(projector.database, changed, organisations, projector.clock.now())
    await reader.on("2027-01-30T23:59")
    assert await reader.revisions() == []
    await reader.on("2027-01-31")
    assert len(await reader.revisions()) == 1


async def test_7_26_every_named_period_has_a_report_of_its_own(reader: Reader, api: httpx.AsyncClient) -> None:
    await reader.on("2026-06-01")
    every = (await api.get(PATH)).json()["reports"]
    assert [each["period"] for each in every] == ["2026-01", "2026-T1", "2026-02", "2026-03", "2026-04"]
    tertial = (await reader.report(period="2026-T1"))["obligations"]
    assert {each["period_kind"] for each in tertial} == {"tertial"}
    await reader.on("2026-07-15")
    assert len(await reader.revisions("2025/26")) == 1
    assert [each["obligation"] for each in (await reader.report(period="2025/26"))["obligations"]] == [
        "trafikutbildning-ak4"
    ]


async def test_4_1_late_evidence_gives_a_frozen_report_one_new_revision_on_the_next_day(
    reader: Reader, projector: Projector, activity: NewActivity
) -> None:
    await projector.ingest(activity("2026-04-14"))
    await reader.on(CLOSES)
    await reader.on("2027-01-20T10:00")
    await projector.ingest(late(activity, "2027-01-20T10:00"))
    await reader.on("2027-01-20T11:00")
    await projector.ingest(activity("2026-10-15", recorded_at=moment("2027-01-20T15:00")))
    await reader.on("2027-01-20T23:59")
    assert len(await reader.revisions()) == 1
    for day in ("2027-01-21", "2027-01-22", "2027-03-01"):
        await reader.on(day)
        assert (await reader.revisions())[1:] == ["2027-01-20T23:00:00Z"]
    first, second = await reader.printed(1), await reader.printed(2)
    assert (first["verdict"], first["counted"]) == ("partially_fulfilled", 1)
    assert (second["verdict"], second["counted"], len(second["evidence"])) == ("fulfilled", 3, 3)
    assert await reader.printed() == second


async def test_7_26_there_is_at_most_one_revision_a_day(
    reader: Reader, projector: Projector, activity: NewActivity
) -> None:
    await reader.on("2027-01-15T12:00")
    await projector.ingest(late(activity, "2027-01-15T12:00"))
    await projector.mark_and_judge()
    await projector.database.pool.execute("UPDATE frozen_due SET due_on = '2027-01-15' WHERE period = '2026'")
    await reader.on("2027-01-15T13:00")
    assert len(await reader.revisions()) == 1
    await reader.on("2027-01-16")
    assert len(await reader.revisions()) == 2


async def test_7_26_a_word_that_changes_in_the_details_is_a_change(
    reader: Reader, projector: Projector, activity: NewActivity
) -> None:
    first = activity("2026-04-14", title="Torget")
    await projector.ingest(first)
    await reader.on("2027-01-20")
    await projector.ingest(corrected(first, "2027-01-20T10:00", title="Rådhustorget"))
    await reader.on("2027-01-21")
    titles = [(await reader.printed(n))["evidence"][0].get("title") for n in (1, 2)]
    assert titles == [None, "Rådhustorget"]


async def test_7_26_nothing_changed_makes_no_revision_whatever_is_worked_out_again(
    reader: Reader, projector: Projector, activity: NewActivity
) -> None:
    every = [
        activity("2026-04-14", title="Torget"),
        activity("2026-10-14"),
        activity("2026-11-14", visibility="count_only"),
    ]
    await projector.ingest(*every)
    await reader.on("2027-01-20")
    before = await reader.report()
    await projector.database.pool.execute("TRUNCATE evidence")
    await projector.ingest(*reversed(every), *every)
    await rebuild.evaluate(projector.database, projector.clock)
    assert await projector.database.pool.fetchval("SELECT count(*) FROM frozen_due") > 0
    await reader.on("2027-01-22")
    assert await projector.database.pool.fetchval("SELECT count(*) FROM frozen_due") == 0
    assert len(await reader.revisions()) == 1
    assert (await reader.report())["obligations"] == before["obligations"]


async def test_7_26_two_replicas_make_one_revision(reader: Reader, projector: Projector, settings: Settings) -> None:
    await reader.on("2027-01-14T12:00")
    projector.clock.moment = moment(CLOSES)
    await projector.mark_and_judge()
    other = await connect(settings, "promises")
    try:
        replicas = [Freezer(database, projector.clock) for database in (projector.database, other) for _ in range(3)]
        await asyncio.gather(*(each.collect() for each in replicas))
    finally:
        await other.close()
    assert len(await reader.revisions()) == 1
    assert await projector.database.pool.fetchval("SELECT count(*) FROM frozen_due") == 0


async def test_7_26_a_report_that_cannot_be_collected_waits_for_the_next_day_and_harms_no_other(
    reader: Reader, projector: Projector
) -> None:
    await reader.on("2027-01-14T12:00")
    await projector.database.pool.execute("INSERT INTO frozen_due VALUES ('0000', '2026', '2027-01-15')")
    before = failures()
    await reader.on(CLOSES)
    assert (len(await reader.revisions()), failures() - before) == (1, 1)
    [left] = await projector.database.pool.fetch("SELECT municipality, due_on FROM frozen_due")
    assert tuple(left) == ("0000", date(2027, 1, 16))


async def test_7_26_without_a_valid_promise_nothing_is_collected_until_there_is_one_again(
    reader: Reader, projector: Projector, activity: NewActivity
) -> None:
    await projector.ingest(activity("2026-04-14"))
    await reader.on("2027-07-14")
    assert len(await reader.revisions()) == 1
    await projector.ingest(late(activity, "2027-07-14T10:00"))
    await reader.on("2027-07-20")
    assert len(await reader.revisions()) == 1
    assert len(await reader.revisions("2026/27")) == 1, "what closes last is frozen although nothing is promised then"
    await projector.load(until=date(2027, 12, 31))
    await reader.on("2027-07-21")
    assert len(await reader.revisions()) == 2


async def test_7_26_what_changes_before_the_next_promise_begins_is_collected_on_its_first_day(
    reader: Reader, projector: Projector, activity: NewActivity
) -> None:
    catalogue, organisations = checked(CATALOGUE)
    [promise] = [each for each in catalogue.promises if each.id == "cykel-gang"]
    span = promise.validity.model_copy(update={"first": date(2027, 9, 1), "last": date(2028, 12, 31)})
    [other] = [each for each in catalogue.promises if each.id == "moped-a-traktor"]
    both = (promise, other.model_copy(update={"validity": span}))
    await load(projector.database, catalogue.model_copy(update={"promises": both}), organisations, moment("2026-01-01"))
    await reader.on("2027-02-01")
    assert len(await reader.revisions()) == 1
    await projector.ingest(late(activity, "2027-02-01T10:00"))
    await reader.on("2027-08-31")
    assert len(await reader.revisions()) == 1
    await reader.on("2027-09-01")
    assert (await reader.revisions())[1:] == ["2027-08-31T22:00:00Z"]


@pytest.mark.parametrize(
    "change",
    [
        {"visibility": "count_only"},
        {"public_from": "2027-09-01"},
        {"status": "retracted"},
        {"counted_on": date(2027, 2, 1), "occurred_at": moment("2027-02-01")},
    ],
    ids=["tightened", "public later", "retracted", "moved to another year"],
)
async def test_7_26_details_removed_later_are_removed_from_earlier_revisions_at_once(
    reader: Reader, projector: Projector, activity: NewActivity, change: View
) -> None:
    first = activity("2026-04-14", title="Torget", performed_by="NTF")
    await projector.ingest(first, activity("2026-10-14", title="Reflexer"))
    await reader.on("2027-01-20")
    assert [each["title"] for each in (await reader.printed())["evidence"]] == ["Torget", "Reflexer"]
    pair = {"obligation": "cykel-gang", "counted_on": change.get("counted_on", first.counted_on)}
    footprint = tuple({str(each): each for each in (*(p.model_dump() for p in first.footprint), pair)}.values())
    await projector.ingest(corrected(first, "2027-01-20T10:00", footprint=footprint, **change))
    for day in ("2027-01-20T11:00", "2027-01-21"):
        await reader.on(day)
        was = await reader.printed(1)
        assert [each.get("title") for each in was["evidence"]] == ["Reflexer", None]
        assert (was["counted"], was["verdict"], was["evidence"][1]) == (2, "fulfilled", WITHHELD)
    assert len(await reader.revisions()) == 2
    assert "Torget" not in str(await reader.report(2))


async def test_7_26_text_that_is_disposed_of_is_gone_from_earlier_revisions_and_from_what_is_kept(
    reader: Reader, projector: Projector, activity: NewActivity
) -> None:
    slip = activity("2026-04-14", title="Anna i klass 4")
    await projector.ingest(slip)
    await reader.on("2027-01-20")
    about = {"activity_id": slip.activity_id, "revision": 1, "municipality": "2480"}
    await projector.ingest(TextDisposed(**about, disposed_at=moment("2027-01-20")))
    was = await reader.printed(1)
    assert (was["counted"], was["evidence"][0]["counted_on"], "title" in was["evidence"][0]) == (1, "2026-04-14", False)
    await reader.on("2027-01-22")
    assert len(await reader.revisions()) == 2
    assert await reader.printed(2) == was
    rows = await projector.database.pool.fetch("SELECT report::text FROM frozen_report")
    assert "Anna" not in str(rows)


async def test_7_26_details_that_become_public_make_a_revision_on_their_day(
    reader: Reader, projector: Projector, activity: NewActivity
) -> None:
    await projector.ingest(activity("2026-04-14", title="Torget", public_from="2027-02-10"))
    await reader.on("2027-02-09")
    assert (await reader.printed())["evidence"] == [WITHHELD]
    projector.clock.moment = moment("2027-02-10T06:00")
    await projector.turn()
    assert (await reader.revisions())[1:] == ["2027-02-10T05:00:00Z"]
    assert [(await reader.printed(n))["evidence"][0].get("title") for n in (1, 2)] == [None, "Torget"]


async def test_7_26_a_secret_report_moves_a_frozen_report_at_its_tertial_and_not_before(
    reader: Reader, projector: Projector, activity: NewActivity
) -> None:
    await projector.ingest(activity("2026-04-14"))
    await reader.on(CLOSES)
    before = (await reader.report())["obligations"]
    await projector.ingest(late(activity, "2027-01-20T10:00", visibility="count_only", title="Hemlig plats"))
    for day in ("2027-01-21", "2027-03-01", "2027-04-30T23:59"):
        await reader.on(day)
        assert ((await reader.report())["obligations"], len(await reader.revisions())) == (before, 1)
    await reader.on("2027-05-01")
    assert (await reader.revisions())[1:] == ["2027-04-30T22:00:00Z"]
    shown = await reader.printed()
    assert (shown["verdict"], shown["counted"], shown["evidence"][1]) == ("fulfilled", 2, WITHHELD)
    assert "Hemlig" not in str(await reader.report())


@pytest.mark.parametrize("period", ["2026", "2025/26"])
async def test_7_26_the_figure_is_that_of_the_figures(
    reader: Reader, projector: Projector, api: httpx.AsyncClient, activity: NewActivity, period: str
) -> None:
    await projector.ingest(activity("2026-04-14"), activity("2026-10-14"))
    await reader.on(CLOSES)
    answer = await api.get("/v1/municipalities/2480/fulfilment", params={"period": period, "audience": "public"})
    figures = answer.raise_for_status().json()["figures"]
    assert (await reader.report(period=period))["figures"] == figures
    assert len(figures[0]["buckets"]) == 7


async def test_7_26_the_standings_are_those_of_the_public_view(
    reader: Reader, projector: Projector, api: httpx.AsyncClient, activity: NewActivity
) -> None:
    await projector.ingest(activity("2026-04-14"), activity("2026-10-14", visibility="count_only"))
    await reader.on(CLOSES)
    promises = (await api.get("/v1/municipalities/2480/promises?audience=public")).json()["promises"]
    public = {o["obligation"]: o["standings"] for promise in promises for o in promise["obligations"]}
    for each in (await reader.report())["obligations"]:
        [stands] = [s for s in public[each["obligation"]] if s["period"] == "2026"]
        assert [r["sv"] for r in each["reasons"]] == [r["sv"] for r in stands["reasons"]]
        same = ("quote", "title_sv", "verdict", "pace", "counted", "need", "missing", "progress")
        assert {name: each[name] for name in same} == {name: stands[name] for name in same}


async def test_everybody_with_a_token_reads_the_same_report(reader: Reader, api: httpx.AsyncClient, keys: Keys) -> None:
    await reader.on(CLOSES)
    mine = await reader.report()
    api.headers["authorization"] = f"Bearer {keys.token('skelleftea-kommun')}"
    assert await reader.report() == mine
    assert mine["audience"] == "public"
    described = (await api.get("/openapi.json")).json()["paths"]
    assert {"/v1/municipalities/{code}/reports", "/v1/municipalities/{code}/reports/{period}"} <= described.keys()
    assert (await api.get(f"{PATH}/2025%2F26")).json() == await reader.report(period="2025/26")
    api.headers["authorization"] = ""
    assert (await api.get(PATH)).status_code == 401


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        (f"{PATH}/2031", 404, "period"),
        (f"{PATH}/2026-T1?revision=7", 404, "revision"),
        (f"{PATH}/2026-T1?revision=0", 422, "revision"),
        (f"{PATH}/2026-T1?revision=99999999999", 422, "revision"),
        (f"{PATH}/2026-T4", 422, "period"),
        (f"{PATH}/", 422, "period"),
        ("/v1/municipalities/0180/reports", 404, "code"),
        ("/v1/municipalities/0180/reports/2026", 404, "code"),
    ],
)
async def test_a_report_that_is_not_there_is_refused_by_its_field(
    reader: Reader, api: httpx.AsyncClient, path: str, status: int, field: str
) -> None:
    await reader.on("2026-06-01")
    answer = await api.get(path)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (status, [field])
