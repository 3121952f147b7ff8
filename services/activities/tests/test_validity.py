"""What is done counts only while something it names is in force; a late report about those days is taken."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from activities.domain.authority import Promised
from activities.store import catalogue
from contracts.promises import PromisePublished, PublishedObligation

from services.activities.tests.driving import (
    POLICE,
    TOWN,
    Service,
    body,
    command,
    content,
    problem,
    promise,
    report,
)

YEAR: dict[str, Any] = {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31)}
NEXT: dict[str, Any] = {"valid_from": date(2027, 1, 1), "valid_to": date(2027, 12, 31)}


def published(obligation: str = "cykel-gang", revision: int = 2, **validity: Any) -> PromisePublished:  # noqa: ANN401
    state = promise(obligation, revision=revision, catalogue_revision=revision)
    entry: PublishedObligation = state.obligations[0].model_copy(update=validity)
    return state.model_copy(update={"obligations": (entry,)})


async def keep(service: Service, *promises: PromisePublished) -> None:
    async with service.database.transaction() as work:
        await catalogue.keep(work.sql, promises)


def at(day: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"occurred_at": datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=UTC)} | more


@pytest.fixture
async def this_year(service: Service) -> Service:
    await service.database.pool.execute("DELETE FROM validity")
    await keep(service, published(**YEAR))
    service.clock.moment = datetime(2027, 3, 1, 9, tzinfo=UTC)
    return service


@pytest.mark.parametrize("day", ["2026-01-01", "2026-06-01", "2026-12-31"])
async def test_a_late_report_about_a_day_in_force_is_taken(this_year: Service, day: str) -> None:
    assert (await this_year.accepted(report(**at(day)))).revision == 1


@pytest.mark.parametrize("day", ["2025-12-31", "2027-01-01"])
async def test_what_was_done_on_another_day_is_refused(this_year: Service, day: str) -> None:
    assert await this_year.refused(report(**at(day))) == "outside_validity"
    assert await this_year.left() == [0, 0, 0, 0]


async def test_the_day_it_counts_on_decides_not_the_one_it_began(this_year: Service) -> None:
    assert await this_year.refused(report(**at("2026-12-31", occasion_key="2027-01-01/reflex"))) == "outside_validity"
    assert await this_year.accepted(report("e2", **at("2027-01-01", occasion_key="2026-12-31/reflex")))
    midnight = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert await this_year.refused(report("e3", occurred_at=midnight)) == "outside_validity"


async def test_one_obligation_in_force_is_enough(this_year: Service) -> None:
    more = published("moped", valid_from=date(2027, 1, 1), valid_to=date(2029, 12, 31))
    await keep(this_year, more)
    both = at("2027-02-01", obligations=("cykel-gang", "moped"))
    assert (await this_year.accepted(report(**both))).revision == 1


async def test_a_plan_may_run_ahead_of_the_catalogue_and_is_asked_when_it_is_done(this_year: Service) -> None:
    planned = await this_year.accepted(report(status="planned", reference="r", **at("2027-02-01")))
    done = command("correct", about=planned, content=content(**at("2027-02-01")))
    assert await this_year.refused(done) == "outside_validity"
    assert await this_year.accepted(command("correct", about=planned, content=content(**at("2026-12-31"))))


async def test_a_new_years_revision_refuses_no_late_report_about_the_old_one(this_year: Service) -> None:
    await keep(this_year, published(revision=3, **NEXT))
    for n, day in enumerate(("2026-12-31", "2027-01-01", "2026-01-01")):
        assert await this_year.accepted(report(f"e{n}", **at(day)))
    assert await this_year.refused(report("e9", **at("2025-12-31"))) == "outside_validity"


async def test_a_revision_that_comes_again_or_too_late_is_one_more_span_and_changes_nothing_else(
    this_year: Service,
) -> None:
    await keep(this_year, published(revision=3, **NEXT), published(revision=1, **YEAR))
    await keep(this_year, published(revision=3, **NEXT))
    rows = await this_year.rows("SELECT valid_from FROM validity ORDER BY 1")
    assert [row["valid_from"] for row in rows] == [date(2026, 1, 1), date(2027, 1, 1)]


async def test_over_http_the_field_that_names_the_day_is_named(api: httpx.AsyncClient, service: Service) -> None:
    await keep(service, published(**NEXT))
    await service.database.pool.execute("DELETE FROM validity WHERE valid_from IS NULL")
    await service.database.pool.execute("UPDATE promise_version SET version = version + 1")
    for changes, field in (({}, "occurred_at"), ({"occasion_key": "2026-11-09/reflex"}, "occasion_key")):
        answer = await api.post("/v1/activities", json=body(**changes))
        assert problem(answer) == (422, "outside_validity")
        [error] = answer.json()["errors"]
        assert error["field"] == field
        assert "2027-01-01 to 2027-12-31" in error["reason"]


def test_before_what_is_known_something_unknown_may_have_been_in_force() -> None:
    known = (date(2026, 1, 1), date(2026, 12, 31))

    def in_force(day: date, *spans: tuple[date | None, date | None]) -> bool:
        return Promised("x", (POLICE,), (TOWN,), joint=False, spans=spans).in_force(day)

    assert in_force(date(1999, 1, 1))
    assert in_force(date(1999, 1, 1), (None, None))
    assert in_force(date(2025, 12, 31), (None, None), known)
    assert not in_force(date(2025, 12, 31), known)
    assert not in_force(known[1] + timedelta(days=1), (None, None), known)
