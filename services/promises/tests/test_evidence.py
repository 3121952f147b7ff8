"""Which revisions rule, which of them an audience sees, and what several reports of one occasion come to."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from promises.domain.calendar import Period
from promises.domain.confirmations import unconfirmed
from promises.domain.evaluate import evaluate, evaluate_both
from promises.domain.evidence import Evidence, Merged, Report, latest, occasions
from promises.domain.obligation import Obligation
from promises.domain.visibility import Audience, published_at, seen_by

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import (
    Entry,
    holding,
    in_versions,
    leaflet,
    moment,
    operators,
    promised,
    report,
    version,
)
from services.promises.tests.promising import (
    occasions as at_least,
)

KEY: Entry = {"occasion_key": "2026-04-14/torget"}
WORDS = frozenset({"reflector", "lighting"})


def test_what_was_taken_back_or_released_rules_nothing_and_hides_what_was_before() -> None:
    first = report("2026-04-14", activity_id="a")
    for gone in (first._replace(revision=2, status="retracted"), first._replace(revision=2, released=True)):
        assert latest([gone]) == []
        assert latest([first, gone]) == latest([gone, first]) == []
    called_off = first._replace(revision=2, status="cancelled")
    assert latest([called_off, first]) == [called_off]


def test_7_12_what_was_reported_for_others_is_joined_by_the_key_of_a_report_that_rules() -> None:
    own, other = report("2026-04-14", **KEY), report("2026-04-14", TOWN, own=False, **KEY)
    keyless, another = other._replace(occasion_key=None), other._replace(occasion_key="2026-04-14/annat")
    assert latest([own, other]) == [own, other]
    assert latest([own._replace(occasion_key=None), other]) == [own._replace(occasion_key=None)]
    assert latest([own._replace(occasion_key=None), keyless]) == [own._replace(occasion_key=None)]
    assert latest([own, another]) == [own]
    for gone in ({"released": True}, {"status": "retracted"}):
        assert latest([own, own._replace(revision=2, **gone), other]) == []
    assert latest([own, other, other._replace(revision=2, occasion_key=None)]) == [own]


def test_7_12_a_revision_that_is_released_from_one_obligation_counts_on_for_others() -> None:
    """The same revision comes once for each obligation that it names or has named."""
    own = report("2026-04-14", activity_id="a", revision=2, **KEY)
    released, beside = own._replace(released=True), own._replace(own=False)
    left = beside._replace(released=True)
    for told in ([own, beside], [own, left]):
        assert latest(told) == latest(reversed(told)) == [own]
    partner = report("2026-04-14", TOWN, **KEY)
    for told in ([released, beside, left], [beside, released]):
        assert latest(told) == latest(reversed(told)) == []
        assert latest([partner, *told]) == latest([partner, *reversed(told)]) == [partner, beside]


def test_7_12_day_period_and_status_are_those_of_the_obligations_own_reports() -> None:
    own = report("2026-04-14", **KEY, period="2026", quantities=(("pupils", 5),))
    other = report("2026-01-01", TOWN, **KEY, own=False, period="2025", quantities=(("pupils", 7),), themes=WORDS)
    [merged] = occasions([other, own])
    assert (merged.counted_on, merged.period) == (own.counted_on, "2026")
    assert (merged.quantities, merged.themes) == ((("pupils", 7),), WORDS)
    assert merged.taking_part == {POLICE, TOWN}
    for status in ("planned", "cancelled"):
        [alone] = occasions([own._replace(status=status), other])
        assert (alone.status, alone.taking_part, alone.themes) == (status, frozenset({POLICE}), frozenset[str]())
    assert isinstance(alone, Merged)
    assert alone.disagreement == ("status",)


def test_reports_under_two_keys_are_two_occasions_and_one_alone_is_itself() -> None:
    alone, other = report("2026-04-14", **KEY), report("2026-04-15", occasion_key="2026-04-15/torget")
    assert occasions([other, alone]) == [alone, other]
    pair = [alone, report("2026-04-14", TOWN, **KEY)]
    [merged, left] = occasions([*pair, other])
    assert left == other
    assert merged == Merged(
        counted_on=date(2026, 4, 14),
        status="done",
        themes=frozenset(),
        audiences=frozenset(),
        kinds=frozenset(),
        special_effort=True,
        quantities=(),
        unit=None,
        period=None,
        taking_part=frozenset({POLICE, TOWN}),
        occasion_key="2026-04-14/torget",
    )


def test_what_differs_is_joined_and_said() -> None:
    one = report("2026-04-14", **KEY, themes=frozenset({"reflector"}), audiences=frozenset({"cyclist"}), kind="control")
    one = one._replace(quantities=(("pupils", 5), ("zero", 0)), unit="b", period="2026/27", special_effort=False)
    other = report("2026-04-13", TOWN, **KEY, themes=frozenset({"lighting"}), audiences=frozenset({"child"}))
    other = other._replace(quantities=(("pupils", 3),), unit="a", period="2025/26", kinds=frozenset({"campaign"}))
    plan = report("2026-04-01", "ntf", **KEY, status="planned", themes=frozenset({"secret"}))
    [merged] = occasions([one, other, plan])
    assert merged == Merged(
        counted_on=date(2026, 4, 13),
        status="done",
        themes=WORDS,
        audiences=frozenset({"cyclist", "child"}),
        kinds=frozenset({"control", "campaign"}),
        special_effort=True,
        quantities=(("pupils", 5), ("zero", 0)),
        unit="a",
        period="2025/26",
        taking_part=frozenset({POLICE, TOWN}),
        occasion_key="2026-04-14/torget",
        disagreement=("quantities", "unit", "kind", "special_effort"),
    )


def test_one_who_says_it_was_called_off_disagrees_and_a_plan_does_not() -> None:
    done, plan = report("2026-04-14", **KEY), report("2026-04-14", TOWN, **KEY, status="planned")
    off = report("2026-04-14", "ntf", **KEY, status="cancelled")
    assert [o.disagreement for o in occasions([done, plan]) if isinstance(o, Merged)] == [()]
    assert [o.disagreement for o in occasions([done, off]) if isinstance(o, Merged)] == [("status",)]
    assert [o.status for o in occasions([off, plan])] == ["planned"]


def test_the_public_sees_at_once_what_is_open_and_a_secret_plan_never() -> None:
    open_, now = report("2026-05-05"), datetime(2026, 5, 5, 12, tzinfo=UTC)
    assert open_.recorded_at == now
    assert list(seen_by("public", [open_], now)) == [open_]
    assert list(seen_by("public", [open_], now - timedelta(microseconds=1))) == []
    for status in ("planned", "cancelled", "done"):
        secret = report("2026-05-05", count_only=True, status=status)
        told = published_at(secret)
        assert told == moment("2026-09-01")
        assert list(seen_by("public", [secret], told - timedelta(microseconds=1))) == []
        assert list(seen_by("public", [secret], told)) == [secret._replace(released=status != "done")]
        assert list(seen_by("internal", [secret], now)) == [secret]


def test_both_audiences_at_once_see_what_each_sees_alone() -> None:
    """Of a promise in two versions, with and without something withheld, before and after it is published."""
    it = in_versions(
        version(at_least(1), valid=("2026-01-01", "2026-06-30"), owners=(POLICE,)),
        version(at_least(2), valid=("2026-07-01", "2026-12-31"), owners=(POLICE,)),
    )
    period = holding(it, "2026-03-01")
    open_, secret = report("2026-04-01"), report("2026-04-02", count_only=True)
    late = report("2026-04-03", recorded_at=moment("2026-08-01"))
    for reports in ((), (open_,), (open_, secret), (secret,), (open_, late)):
        for day in ("2026-04-05", "2026-08-01", "2026-09-01", "2027-02-01"):
            both = evaluate_both(it, period, Evidence(reports), moment(day))
            assert both == {audience: one(it, period, reports, day, audience) for audience in both}
            assert set(both) == {"public", "internal"}


def one(it: Obligation, period: Period, reports: tuple[Report, ...], day: str, audience: Audience) -> object:
    return evaluate(it, period, Evidence(reports), moment(day), audience)


COVERAGE: Entry = {
    "kind": "coverage",
    "percent": leaflet(100),
    "quantity": operators("pupils_offered"),
    "baseline": operators("pupils_enrolled"),
}


def test_what_names_a_period_belongs_to_it_also_before_the_promise_and_between_its_versions() -> None:
    """A lesson on any day of the period, not on the day before it, and without the name only while it is promised."""
    spring, autumn = ("2026-03-01", "2026-05-31"), ("2026-07-01", "2026-12-31")
    it = in_versions(version(COVERAGE, valid=spring), version(COVERAGE, valid=autumn))
    period = holding(it, "2026-03-01")

    def counts(day: str, **more: Any) -> int:  # noqa: ANN401
        told = report(day, quantities=(("pupils_offered", 1),), **more)
        return evaluate(it, period, Evidence((told,)), moment("2026-12-31"), "internal").tally.counted

    days = ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2026-05-31", "2026-06-01", "2026-06-30")
    assert [counts(day, period="2026") for day in days] == [0, 1, 1, 1, 1, 1, 1]
    assert [counts(day) for day in days] == [0, 0, 0, 1, 1, 0, 0]


def test_a_promise_in_one_piece_has_the_same_days() -> None:
    it = promised(COVERAGE, valid=("2026-03-01", "2026-12-31"))
    told = report("2026-01-01", quantities=(("pupils_offered", 1),), period="2026")
    found = evaluate(it, holding(it, "2026-03-01"), Evidence((told,)), moment("2026-12-31"), "internal")
    assert found.tally.counted == 1


def test_reports_to_confirm_come_in_the_order_of_their_ids_and_only_those_done() -> None:
    it = promised(at_least(1, taking_part=leaflet(["police", "municipality"])))
    later, sooner = report("2026-04-14", activity_id="a", **KEY), report("2026-04-13", activity_id="b", **KEY)
    plan = report("2026-04-14", TOWN, activity_id="c", status="planned", **KEY)
    [found] = unconfirmed(it, holding(it, "2026-04-14"), [plan, sooner, later])
    assert (found.reports, found.reported, found.awaited) == ((later, sooner), (POLICE,), (TOWN,))
