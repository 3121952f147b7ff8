"""Pure: the counted day, the footprint, and what becomes of an activity."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from activities.domain.activity import (
    Activity,
    confirmed,
    corrected,
    counted_on,
    first,
    first_day,
    retracted,
)
from activities.domain.refusal import RefusalError

from services.activities.tests.driving import NOW, POLICE, TOWN, content


def logged(**changes: Any) -> Activity:  # noqa: ANN401
    return first(uuid4(), content(**changes), sender=(TOWN, "/s", "r"), now=NOW, catalogue_revision=1)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("occurred_at", "day"),
    [
        ("2026-11-09T07:30", date(2026, 11, 9)),
        ("2025-12-31T23:30", date(2026, 1, 1)),
        ("2026-08-31T21:59", date(2026, 8, 31)),
        ("2026-08-31T22:00", date(2026, 9, 1)),
        ("2026-10-25T22:30", date(2026, 10, 25)),
        ("2026-10-25T23:00", date(2026, 10, 26)),
    ],
)
def test_7_17_without_a_key_an_activity_counts_on_the_day_it_began_in_sweden(occurred_at: str, day: date) -> None:
    assert counted_on(content(occurred_at=moment(occurred_at))) == day


@pytest.mark.parametrize("day", ["2026-11-06", "2026-11-09", "2026-11-12"])
def test_7_12_with_a_key_it_counts_on_the_day_of_the_key(day: str) -> None:
    assert counted_on(content(occasion_key=f"{day}/reflex")) == date.fromisoformat(day)


@pytest.mark.parametrize("day", ["2026-11-05", "2026-11-13", "2025-11-09", "2026-02-30", "2026-13-01"])
def test_7_12_a_key_more_than_three_days_away_or_on_no_day_is_refused(day: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        counted_on(content(occasion_key=f"{day}/reflex"))
    assert refusal.value.code == "wrong_occasion_day"


def test_three_days_are_counted_in_sweden_not_in_utc() -> None:
    late = content(occurred_at=moment("2026-11-09T23:30"), occasion_key="2026-11-13/reflex")
    assert counted_on(late) == date(2026, 11, 13)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2026", date(2026, 1, 1)),
        ("2026/27", date(2026, 7, 1)),
        ("2026-T3", date(2026, 9, 1)),
        ("2026-Q2", date(2026, 4, 1)),
        ("2026-12", date(2026, 12, 1)),
        ("2099/00", date(2099, 7, 1)),
    ],
)
def test_7_8_a_report_that_names_its_period_counts_on_its_first_day(period: str, day: date) -> None:
    assert counted_on(content(period=period)) == first_day(period) == day


@pytest.mark.parametrize("period", ["2026/28", "2026/26", "0000"])
def test_a_period_that_does_not_exist_is_refused(period: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        counted_on(content(period=period))
    assert refusal.value.code == "unknown_period"


def test_7_17_done_may_lie_five_minutes_ahead_and_not_a_second_more() -> None:
    ahead = NOW + timedelta(minutes=5)
    assert logged(occurred_at=ahead).revision == 1
    with pytest.raises(RefusalError) as refusal:
        logged(occurred_at=ahead + timedelta(seconds=1))
    assert refusal.value.code == "done_in_future"
    with pytest.raises(RefusalError):
        corrected(logged(), content(occurred_at=ahead + timedelta(seconds=1)), NOW, 1)


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_what_is_planned_or_cancelled_may_lie_ahead(status: str) -> None:
    assert logged(status=status, occurred_at=NOW + timedelta(days=90)).content.status == status


def test_the_footprint_keeps_every_day_and_obligation_of_every_revision() -> None:
    before = logged(obligations=("cykel-gang", "moped"), occasion_key="2026-11-08/a")
    after = retracted(corrected(before, content(obligations=("moped", "ny")), NOW, 2), NOW)
    assert after.footprint == (
        ("cykel-gang", date(2026, 11, 8)),
        ("moped", date(2026, 11, 8)),
        ("moped", date(2026, 11, 9)),
        ("ny", date(2026, 11, 9)),
    )
    assert (after.content.obligations, after.counted_on) == (("moped", "ny"), date(2026, 11, 9))


def test_a_correction_is_the_next_revision_by_the_catalogue_of_its_day() -> None:
    after = corrected(logged(), content(title="Rättad"), NOW + timedelta(hours=1), 7)
    assert (after.revision, after.content.title, after.catalogue_revision) == (2, "Rättad", 7)
    assert (after.organisation, after.source, after.reference) == (TOWN, "/s", "r")


def test_a_revision_is_never_recorded_before_the_one_it_follows() -> None:
    before, earlier = logged(), NOW - timedelta(hours=1)
    for after in (
        corrected(before, content(title="x"), earlier, 1),
        retracted(before, earlier),
        confirmed(before, POLICE, earlier),
    ):
        assert after.recorded_at == NOW
    assert retracted(before, NOW + timedelta(hours=1)).recorded_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"title": "Annan text"}, (POLICE,)),
        ({"occurred_at": moment("2026-11-09T15:00")}, (POLICE,)),
        ({"occurred_at": moment("2026-11-08T15:00")}, ()),
        ({"obligations": ("cykel-gang", "moped")}, ()),
    ],
)
def test_7_14_a_confirmation_survives_unless_day_or_obligations_change(
    changes: dict[str, Any], kept: tuple[str]
) -> None:
    assert corrected(confirmed(logged(), POLICE, NOW), content(**changes), NOW, 1).confirmed_by == kept


def test_confirming_twice_makes_no_second_revision() -> None:
    once = confirmed(logged(), POLICE, NOW)
    assert (once.revision, once.confirmed_by) == (2, (POLICE,))
    assert confirmed(once, POLICE, NOW) is once


def test_what_was_taken_back_is_neither_corrected_nor_taken_back_nor_confirmed() -> None:
    gone = retracted(logged(), NOW)
    with pytest.raises(RefusalError, match="was retracted; report it anew"):
        corrected(gone, content(), NOW, 1)
    with pytest.raises(RefusalError, match="retracted already"):
        retracted(gone, NOW)
    with pytest.raises(RefusalError, match="nothing to confirm"):
        confirmed(gone, POLICE, NOW)


def test_what_was_cancelled_is_not_confirmed() -> None:
    with pytest.raises(RefusalError) as refusal:
        confirmed(logged(status="cancelled"), POLICE, NOW)
    assert refusal.value.code == "not_done"


def test_7_14_an_activity_never_changes_municipality() -> None:
    with pytest.raises(RefusalError) as refusal:
        corrected(logged(), content(municipality="0180"), NOW, 1)
    assert refusal.value.code == "other_municipality"
