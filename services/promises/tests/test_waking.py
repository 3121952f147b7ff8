"""Time alone changes a standing at its `wake_at`, for each audience at its own."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from contracts.activities import ActivityEvent
from promises.domain.calendar import STOCKHOLM
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Evidence, Report
from promises.domain.obligation import Obligation
from promises.domain.visibility import Audience
from promises.store import standings

from services.promises.tests.driving import POLICE, TOWN, Projector
from services.promises.tests.promising import (
    holding,
    in_versions,
    moment,
    occasions,
    operators,
    promised,
    report,
    slot,
    version,
)

NewActivity = Callable[..., ActivityEvent]


async def test_no_standing_goes_on_waiting_for_a_moment_that_has_come(projector: Projector) -> None:
    await projector.load()
    await projector.turn(moment("2026-01-01"))
    for _ in range(400):
        async with projector.database.pool.acquire() as sql:
            instant = await standings.next_wake(sql)
            assert await standings.due(sql, projector.clock.now()) == 0
        if instant is None or instant > moment("2027-02-01"):
            break
        await projector.turn(instant)


async def test_a_secret_report_of_a_closed_tertial_is_published_at_its_boundary(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    name = "prostitution-manniskohandel"
    pair = {"obligation": name, "counted_on": date(2026, 4, 10)}
    about = {"organisation": POLICE, "obligations": (name,), "themes": ("prostitution",), "confirmed_by": (TOWN,)}
    late = {"visibility": "count_only", "recorded_at": moment("2026-05-20"), "footprint": (pair,)}
    await projector.live(moment("2026-05-19"))
    await projector.ingest(activity("2026-04-10", **about, **late))

    async def counted(day: str) -> int:
        await projector.live(moment(day))
        found: int = await projector.database.pool.fetchval(
            """
            SELECT (standing->>'counted')::int FROM standing
            WHERE obligation = $1 AND period = '2026-T1' AND audience = 'public'
            """,
            name,
        )
        return found

    assert [await counted("2026-08-31T23:59"), await counted("2026-09-01")] == [0, 1]


async def test_months_that_passed_while_nothing_ran_are_judged_afterwards(projector: Projector) -> None:
    await projector.load()
    await projector.turn(moment("2026-01-10"))
    await projector.turn(moment("2026-05-10"))
    rows = await projector.database.pool.fetch(
        """
        SELECT period, audience, standing->>'phase' AS phase FROM standing
        WHERE obligation = 'tillganglig-polis' ORDER BY audience, period
        """
    )
    phases = [("01", "closed"), ("02", "closed"), ("03", "closed"), ("04", "in_grace"), ("05", "open")]
    both = [(f"2026-{month}", audience, phase) for audience in ("internal", "public") for month, phase in phases]
    assert [tuple(row) for row in rows] == both


PACE = {"kind": "cadence", "count": operators(1)}
MONTHLY = promised(PACE, period="month")
SECRET = promised(PACE, period="tertial", valid=("2026-01-01", "2027-12-31"), visibility=operators("count_only"))
SPRING = "03-01 04-16 04-29 05-15 05-28 06-01 06-15"
LAST_STAGES = "07-02 11-30 12-14 12-29"


def wakes(obligation: Obligation, day: str, *reports: Report, audience: Audience = "internal") -> str:
    """The instants one after another, as days of the year where they fall on the period's midnights."""
    now, period, found = moment("2025-12-01"), holding(obligation, day), list[str]()
    while (instant := evaluate(obligation, period, Evidence(reports), now, audience).wake_at) is not None:
        now, local = instant, instant.astimezone(STOCKHOLM)
        assert local.time().isoformat() == "00:00:00"
        found.append(f"{local:%m-%d}" if local.year == period.window.first.year else f"{local:%Y-%m-%d}")
    return " ".join(found)


@pytest.mark.parametrize(
    ("obligation", "day", "expected"),
    [
        pytest.param(
            promised(occasions(2, slots=[slot("spring", "03-01", "05-31")])),
            "2026-01-01",
            f"01-01 {SPRING} {LAST_STAGES} 2027-01-01 2027-01-15",
            id="a season, then the total, then the grace",
        ),
        pytest.param(MONTHLY, "2026-03-01", "03-01 03-16 04-01 04-15", id="a month"),
        pytest.param(
            promised(occasions(1), valid=("2026-03-10", "2026-10-20")),
            "2026-03-10",
            "03-10 06-30 09-22 10-06 10-19 10-21 11-04",
            id="a promise for a part of the year begins with it and ends with its own grace",
        ),
    ],
)
def test_a_standing_wakes_on_the_days_that_can_change_it_and_on_no_other(
    obligation: Obligation, day: str, expected: str
) -> None:
    assert wakes(obligation, day) == expected


def test_where_a_promise_pauses_a_standing_wakes_when_the_next_period_begins() -> None:
    years = [version(occasions(1), valid=(f"{year}-01-01", f"{year}-12-31"), period="year") for year in (2026, 2028)]
    assert wakes(in_versions(*years), "2026-01-01").endswith("2027-01-15 2028-01-01")


def test_a_plan_wakes_its_standing_on_the_day_after() -> None:
    assert wakes(MONTHLY, "2026-03-01", report("2026-03-05", status="planned")) == "03-01 03-06 03-16 04-01 04-15"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-01", "01-01 03-02 03-31 04-16 04-29 05-01 05-15 09-01"),
        ("2027-09-01", "09-01 11-01 12-01 12-15 12-29 2028-01-01 2028-01-15 2028-05-01"),
    ],
)
def test_a_secret_one_wakes_in_public_until_the_tertial_in_which_its_grace_ended_is_published(
    day: str, expected: str
) -> None:
    assert wakes(SECRET, day, audience="public") == expected
    assert f"{wakes(SECRET, day)} {expected.rsplit(maxsplit=1)[-1]}" == expected


def test_where_the_grace_ends_with_a_tertial_the_public_is_told_of_it_through_the_one_in_which_it_closes() -> None:
    ended = promised(PACE, period="tertial", valid=("2026-01-01", "2026-04-16"), visibility=operators("count_only"))
    assert wakes(ended, "2026-01-01", audience="public").endswith(" 05-01 09-01")


def test_a_secret_report_wakes_the_public_standing_at_its_tertial_and_the_owners_never() -> None:
    secret: dict[str, Any] = {"recorded_at": moment("2026-05-03"), "count_only": True}
    told = report("2026-03-05", **secret)
    assert wakes(MONTHLY, "2026-03-01", told, audience="public") == "03-01 03-16 04-01 04-15 09-01"
    assert wakes(MONTHLY, "2026-03-01", told) == "03-01 03-16 04-01 04-15"
