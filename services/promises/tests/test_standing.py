from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from promises import document
from promises.domain.calendar import Period, Window, period_of
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Evidence, Report
from promises.domain.obligation import Obligation
from promises.domain.parameters import Given
from promises.domain.rules import Occasions
from promises.domain.standing import Standing
from promises.domain.visibility import Audience

from services.promises.tests.promising import revision

POLICE, TOWN = "polisen-lpo-umea", "umea-kommun"
NewReport = Callable[..., Report]
At = Callable[[str], datetime]


def stand(obligation: Obligation, now: datetime, *reports: Report, audience: Audience = "internal") -> Standing:
    return evaluate(obligation, period_of("year", date(2026, 5, 1)), Evidence(reports), now, audience)


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        ("2025-12-31T23:59", "not_started"),
        ("2026-01-01T00:00", "open"),
        ("2026-12-31T23:59", "open"),
        ("2027-01-01T00:00", "in_grace"),
        ("2027-01-14T23:59", "in_grace"),
        ("2027-01-15T00:00", "closed"),
    ],
)
def test_the_phase_follows_the_period_and_its_grace(obligation: Obligation, at: At, day: str, phase: str) -> None:
    assert stand(obligation, at(day)).phase == phase


def test_nothing_is_broken_before_window_and_grace_have_closed(obligation: Obligation, at: At) -> None:
    before, after = stand(obligation, at("2027-01-14T23:59")), stand(obligation, at("2027-01-15"))
    assert (before.verdict, before.overdue) == (None, True)
    assert (after.verdict, after.overdue) == ("not_fulfilled", False)


def test_the_verdict_is_fulfilled_at_once_when_met(obligation: Obligation, at: At, report: NewReport) -> None:
    found = stand(obligation, at("2026-11-10"), report("2026-04-14"), report("2026-11-09"))
    assert (found.verdict, found.phase, found.at_risk, found.overdue) == ("fulfilled", "open", False, False)


def test_two_in_spring_and_none_in_autumn_is_partial_however_many(
    obligation: Obligation, at: At, report: NewReport
) -> None:
    many = [report(f"2026-04-{day}") for day in range(10, 15)]
    assert stand(obligation, at("2027-01-15"), *many).verdict == "partially_fulfilled"


def test_partner_missing_alone_leaves_not_fulfilled_and_says_why(
    obligation: Obligation, at: At, report: NewReport
) -> None:
    alone = report("2026-11-09", organisation=TOWN, confirmed_by=frozenset())
    found = stand(obligation, at("2027-01-15"), alone)
    assert found.verdict == "not_fulfilled"
    assert "partner_missing" in [reason.code for reason in found.reasons]


def test_late_evidence_and_a_retraction_change_a_closed_verdict(
    obligation: Obligation, at: At, report: NewReport
) -> None:
    spring, autumn = report("2026-04-14"), report("2026-11-09", activity_id="late")
    gone = report("2026-11-09", activity_id="late", revision=2, status="retracted")
    now = at("2027-03-01")
    verdicts = [stand(obligation, now, *seen).verdict for seen in ((spring,), (spring, autumn), (spring, autumn, gone))]
    assert verdicts == ["partially_fulfilled", "fulfilled", "partially_fulfilled"]


@pytest.mark.parametrize(
    ("day", "at_risk"),
    [("2026-04-28", False), ("2026-04-29", True), ("2026-05-31", True), ("2026-06-01", True), ("2026-12-31", True)],
)
def test_an_unmet_window_is_at_risk_from_twenty_working_days_before_it_closes(
    obligation: Obligation, at: At, day: str, at_risk: bool
) -> None:
    assert stand(obligation, at(day)).at_risk is at_risk


@pytest.mark.parametrize(
    ("day", "states"),
    [
        ("2026-02-28", ["not_started", "not_started"]),
        ("2026-03-01", ["open", "not_started"]),
        ("2026-06-01", ["overdue", "not_started"]),
        ("2026-06-15", ["missed", "not_started"]),
        ("2026-09-01", ["missed", "open"]),
    ],
)
def test_slots_have_their_own_phase_and_grace(obligation: Obligation, at: At, day: str, states: list[str]) -> None:
    assert [slot.state for slot in stand(obligation, at(day)).slots] == states


def test_a_period_only_partly_valid_is_not_assessed_and_never_overdue_after(obligation: Obligation, at: At) -> None:
    cut = replace(obligation, validity=Window(date(2026, 7, 1), date(2026, 12, 31)))
    found = stand(cut, at("2027-01-15"))
    assert (found.verdict, found.overdue) == ("cannot_be_assessed", False)
    ended = replace(obligation, validity=Window(date(2026, 1, 1), date(2026, 6, 30)))
    assert stand(ended, at("2026-07-15")).phase == "expired"


def test_an_operators_number_gives_a_pace_and_never_a_verdict(
    obligation: Obligation, at: At, report: NewReport
) -> None:
    assert isinstance(obligation.rule, Occasions)
    operators = replace(obligation, rule=replace(obligation.rule, count=Given(2, "operator")))
    assert [stand(operators, at(day)).pace for day in ("2026-12-31", "2027-01-15")] == [None, "no_logged_activity"]
    assert stand(operators, at("2027-01-15"), report("2026-04-14")).pace == "sparse"
    met = stand(operators, at("2026-11-10"), report("2026-04-14"), report("2026-11-09"))
    assert (met.pace, met.verdict, met.overdue) == ("on_pace", None, False)


def test_a_secret_report_moves_the_public_view_only_at_the_tertial_boundary(
    obligation: Obligation, at: At, report: NewReport
) -> None:
    secret = report("2026-04-14", count_only=True)
    for day, public in (("2026-04-30T23:59", 0), ("2026-05-01", 1)):
        assert stand(obligation, at(day), secret, audience="public").tally.counted == public
        assert stand(obligation, at(day), secret).tally.counted == 1
    assert stand(obligation, at("2026-04-20"), secret, audience="public").wake_at == at("2026-04-29")


def test_secret_plans_are_never_public(obligation: Obligation, at: At, report: NewReport) -> None:
    plan = report("2026-11-20", count_only=True, status="planned", recorded_at=at("2026-01-02"))
    now = at("2026-10-01")
    assert stand(obligation, now, plan).slots[1].need.planned
    assert not stand(obligation, now, plan, audience="public").slots[1].need.planned


def test_a_verdict_that_rests_on_operator_parameters_names_them(obligation: Obligation, at: At) -> None:
    found = stand(obligation, at("2027-01-15"))
    [reason] = [reason for reason in found.reasons if reason.code == "rests_on_operator"]
    assert "fönstrens datum" in str(reason.parameters["names_sv"])


MOMENTS = st.datetimes(datetime(2025, 11, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
REPORTS = st.lists(
    st.builds(
        revision,
        activity_id=st.sampled_from("abcde"),
        revision=st.integers(1, 3),
        organisation=st.sampled_from([POLICE, TOWN, "ntf"]),
        status=st.sampled_from(["planned", "done", "cancelled", "retracted"]),
        counted_on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        recorded_at=st.just(datetime(2026, 3, 30, 12, tzinfo=UTC)),
        audiences=st.just(frozenset({"cyclist"})),
        themes=st.frozensets(st.sampled_from(["traffic_rules", "reflector", "lighting"]), min_size=1),
        special_effort=st.sampled_from([True, True, True, False]),
        occasion_key=st.sampled_from([None, "k"]),
        confirmed_by=st.frozensets(st.sampled_from([POLICE, TOWN])),
        count_only=st.booleans(),
    ),
    max_size=7,
    unique_by=lambda report: (report.activity_id, report.revision, report.counted_on),
)


@settings(max_examples=300, deadline=None)
@given(reports=REPORTS, now=MOMENTS, public=st.booleans())
def test_nothing_changes_before_wake_at(
    obligation: Obligation, reports: Sequence[Report], now: datetime, public: bool
) -> None:
    audience: Audience = "public" if public else "internal"
    found = stand(obligation, now, *reports, audience=audience)
    then = found.wake_at - timedelta(microseconds=1) if found.wake_at else now + timedelta(900)
    again = stand(obligation, then, *reports, audience=audience)
    assert document.standing(obligation, again) == document.standing(obligation, found)


@settings(max_examples=200, deadline=None)
@given(reports=REPORTS, now=MOMENTS, data=st.data())
def test_order_and_repetition_of_the_evidence_do_not_matter(
    obligation: Obligation, reports: Sequence[Report], now: datetime, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*reports, *reports]))
    found, again = stand(obligation, now, *reports), stand(obligation, now, *shuffled)
    assert document.standing(obligation, again) == document.standing(obligation, found)


def test_the_period_is_the_one_asked_for(obligation: Obligation, year: Period, at: At) -> None:
    assert stand(obligation, at("2026-05-01")).period == year


def test_a_slot_before_the_promise_was_valid_makes_nothing_overdue(obligation: Obligation, at: At) -> None:
    cut = replace(obligation, validity=Window(date(2026, 7, 1), date(2026, 12, 31)))
    assert not any(stand(cut, at(day)).overdue for day in ("2026-07-02", "2026-12-15", "2027-01-10"))


def test_owners_who_reported_apart_are_not_said_to_have_not_reported(
    obligation: Obligation, at: At, report: NewReport
) -> None:
    apart = [report("2026-11-09", organisation=who, confirmed_by=frozenset()) for who in (POLICE, TOWN)]
    codes = [reason.code for reason in stand(obligation, at("2026-11-10"), *apart).reasons]
    assert "reported_apart" in codes
    assert "partner_missing" not in codes
