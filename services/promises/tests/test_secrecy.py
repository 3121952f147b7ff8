"""What the public may learn of reports whose details are withheld, and when."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from contracts.activities import ActivityCorrected, ActivityEvent

from services.promises.tests.driving import TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
SECRET = {"visibility": "count_only"}
KEY = {"occasion_key": "2026-04-14/torget", "confirmed_by": ()}


class Page:
    """The obligation as an audience sees it at a moment."""

    def __init__(self, projector: Projector, client: httpx.AsyncClient, at: At) -> None:
        self._projector, self._client, self._at = projector, client, at

    async def on(self, day: str, audience: str = "public") -> dict[str, Any]:
        await self._projector.turn(self._at(day))
        path = "/v1/municipalities/2480/obligations/cykel-gang"
        answer = await self._client.get(path, params={"audience": audience})
        [shown] = answer.raise_for_status().json()["standings"]
        behind = await self._client.get(f"{path}/evidence", params={"audience": audience})
        found: dict[str, Any] = shown | {"evidence": behind.raise_for_status().json()["evidence"]}
        return found


@pytest.fixture
async def page(projector: Projector, api: httpx.AsyncClient, at: At) -> Page:
    await projector.load()
    return Page(projector, api, at)


def corrected(first: ActivityEvent, **changes: object) -> ActivityEvent:
    return ActivityCorrected(**(first.model_dump() | {"revision": first.revision + 1} | changes))


async def test_7_22_tightening_removes_the_details_at_once_and_leaves_the_count(
    page: Page, projector: Projector, activity: NewActivity, at: At
) -> None:
    first = activity("2026-04-14", title="Torget", recorded_at=at("2026-04-14T13:00"))
    await projector.ingest(first)
    assert (await page.on("2026-04-15"))["evidence"][0]["title"] == "Torget"
    await projector.ingest(corrected(first, **SECRET, recorded_at=at("2026-04-16T09:00")))
    shown = await page.on("2026-04-17")
    assert (shown["counted"], shown["evidence"]) == (1, [{"details": "withheld"}])


@pytest.mark.parametrize("more", [{}, {"public_from": "2026-05-21"}], ids=["public", "with a later day"])
async def test_4_19_the_day_of_a_plan_is_for_the_owners_alone_since_it_may_be_made_secret(
    page: Page, projector: Projector, activity: NewActivity, at: At, more: dict[str, str]
) -> None:
    plan = activity("2026-05-20", status="planned", recorded_at=at("2026-05-01T10:00"), **more)
    await projector.ingest(plan)
    for today in ("2026-05-02", "2026-05-04"):
        assert await planned(page, today, "internal") == [["2026-05-20"]] * 2
        assert await planned(page, today, "public") == [[], []]
        await projector.ingest(corrected(plan, **SECRET, recorded_at=at("2026-05-03T10:00")))
    assert "2026-05-20" not in str(await projector.said("promise-status"))


async def planned(page: Page, today: str, audience: str) -> list[list[str]]:
    """The days of plans in the standing's first slot and among its reasons."""
    seen = await page.on(today, audience)
    said = [each["parameters"]["day"] for each in seen["reasons"] if each["code"] == "planned"]
    return [seen["slots"][0]["planned"], said]


async def test_a_retracted_report_shows_no_details_while_its_secret_retraction_waits(
    page: Page, projector: Projector, activity: NewActivity, at: At
) -> None:
    first = activity("2026-04-14", title="Torget", recorded_at=at("2026-04-14T13:00"))
    gone = corrected(first, **SECRET, status="retracted", recorded_at=at("2026-04-16T09:00"))
    await projector.ingest(first, gone)
    for day, count in (("2026-04-17", 1), ("2026-05-01", 0)):
        shown = await page.on(day)
        assert (shown["counted"], shown["evidence"]) == (count, [{"details": "withheld"}] * count)


@pytest.mark.parametrize("status", ["cancelled", "planned"])
async def test_a_secret_report_that_was_never_done_after_all_stops_counting_at_the_boundary(
    page: Page, projector: Projector, activity: NewActivity, at: At, status: str
) -> None:
    first = activity("2026-04-14", **SECRET, recorded_at=at("2026-04-14T13:00"))
    await projector.ingest(first)
    await projector.ingest(corrected(first, status=status, recorded_at=at("2026-05-04T09:00")))
    assert ((await page.on("2026-08-31"))["counted"], (await page.on("2026-08-31", "internal"))["counted"]) == (1, 0)
    shown = await page.on("2026-09-01")
    assert (shown["counted"], shown["evidence"]) == (0, [])


async def test_7_23_details_wait_for_the_day_they_are_public_from_and_the_count_does_not(
    page: Page, projector: Projector, activity: NewActivity
) -> None:
    await projector.ingest(activity("2026-04-14", title="Torget", public_from="2026-05-20"))
    before, after = await page.on("2026-05-19"), await page.on("2026-05-20")
    assert (before["counted"], before["evidence"]) == (1, [{"details": "withheld"}])
    assert (after["counted"], after["evidence"][0]["title"]) == (1, "Torget")


async def test_7_12_one_secret_report_withholds_the_whole_occasion_once_it_is_published(
    page: Page, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.ingest(activity("2026-04-14", title="Torget", recorded_at=at("2026-04-14T13:00"), **KEY))
    await projector.ingest(
        activity("2026-04-14", organisation=TOWN, recorded_at=at("2026-04-15T13:00"), **KEY, **SECRET)
    )
    before, after = await page.on("2026-04-30"), await page.on("2026-05-01")
    assert (before["counted"], before["partner_missing"], before["evidence"][0]["title"]) == (0, 1, "Torget")
    assert (after["counted"], after["evidence"]) == (1, [{"details": "withheld"}] * 2)


async def test_neither_its_place_in_the_list_nor_a_reason_tells_the_day_of_a_secret_report(
    page: Page, projector: Projector, activity: NewActivity, at: At
) -> None:
    logged = {"recorded_at": at("2026-04-20T12:00")}
    secret = [activity("2026-04-14", **SECRET, **logged) for _ in range(2)]
    await projector.ingest(*secret, activity("2026-04-13", **logged), activity("2026-04-15", **logged))
    shown = await page.on("2026-05-01")
    assert [each.get("counted_on") for each in shown["evidence"]] == ["2026-04-13", "2026-04-15", None, None]
    assert "possible_duplicates" not in [reason["code"] for reason in shown["reasons"]]
    inside = await page.on("2026-05-01", "internal")
    assert "possible_duplicates" in [reason["code"] for reason in inside["reasons"]]
