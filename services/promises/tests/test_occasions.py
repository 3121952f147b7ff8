from collections.abc import Callable
from dataclasses import replace
from datetime import date

from promises.domain.calendar import Period
from promises.domain.evidence import Report, latest, occasions
from promises.domain.obligation import Obligation
from promises.domain.parameters import Given
from promises.domain.rules import Occasions
from promises.domain.tally import Tally

POLICE, TOWN = "polisen-lpo-umea", "umea-kommun"
NewReport = Callable[..., Report]


def tally(obligation: Obligation, year: Period, *reports: Report) -> Tally:
    return obligation.rule.tally(obligation, year, occasions(latest(reports)), None)


def rule_of(obligation: Obligation) -> Occasions:
    assert isinstance(obligation.rule, Occasions)
    return obligation.rule


def spring(found: Tally) -> tuple[int, bool]:
    return found.slots[0].count, found.slots[0].met


def test_both_seasons_done_by_both_owners_meet_the_promise(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    found = tally(obligation, year, report("2026-04-14"), report("2026-11-09"))
    assert (found.met, found.counted, found.progress) == (True, 2, (2, 2))


def test_two_spring_occasions_leave_autumn_open(obligation: Obligation, year: Period, report: NewReport) -> None:
    found = tally(obligation, year, report("2026-04-14"), report("2026-05-05"))
    assert (found.met, found.counted, found.progress, found.slots[1].met) == (False, 2, (1, 2), False)


def test_two_reports_under_one_key_are_one_joint_occasion(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    key = {"occasion_key": "2026-04-14/torget", "confirmed_by": frozenset()}
    police = report("2026-04-14", **key)
    town = report("2026-04-14", organisation=TOWN, **key)
    assert spring(tally(obligation, year, police)) == (0, False)
    assert spring(tally(obligation, year, police, town)) == (1, True)


def test_one_owner_alone_is_partner_missing_and_awaits_the_other(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    found = tally(obligation, year, report("2026-11-09", organisation=TOWN, confirmed_by=frozenset()))
    assert (found.counted, found.partner_missing) == (0, 1)
    assert (found.slots[1].awaited, found.slots[1].reported) == ((POLICE,), (TOWN,))


def test_nobody_takes_part_by_anothers_word_nor_by_a_plan(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    key = {"occasion_key": "2026-04-14/torget", "confirmed_by": frozenset()}
    done = report("2026-04-14", **key)
    plan = report("2026-04-14", organisation=TOWN, status="planned", **key)
    assert spring(tally(obligation, year, done, plan)) == (0, False)
    assert tally(obligation, year, report("2026-04-14", organisation="ntf")).counted == 0


def test_an_occasion_outside_the_season_or_with_its_other_theme_counts_and_needs_assessment(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    outside = report("2026-07-01")
    wrong = report("2026-04-14", themes=frozenset({"reflector"}))
    found = tally(obligation, year, outside, wrong)
    assert (found.counted, found.stray, [slot.count for slot in found.slots]) == (2, 2, [0, 0])


def test_everyday_work_and_other_audiences_fill_nothing_where_the_rule_asks(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    assert tally(obligation, year, report("2026-04-14", special_effort=False)).counted == 0
    assert tally(obligation, year, report("2026-04-14", audiences=frozenset({"driver"}))).counted == 0
    assert tally(obligation, year, report("2026-04-14")).counted == 1
    both = replace(obligation, rule=replace(rule_of(obligation), audience_match=Given("all", "operator")))
    assert tally(both, year, report("2026-04-14")).counted == 0
    assert tally(both, year, report("2026-04-14", audiences=frozenset({"cyclist", "pedestrian"}))).counted == 1


def test_planned_cancelled_and_retracted_never_count_and_a_plan_is_shown(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    for status in ("planned", "cancelled", "retracted"):
        assert tally(obligation, year, report("2026-04-14", status=status)).counted == 0
    assert tally(obligation, year, report("2026-04-14", status="planned")).slots[0].planned == (date(2026, 4, 14),)


def test_the_highest_revision_rules_whatever_came_first(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    first = report("2026-04-14", activity_id="a")
    gone = report("2026-04-14", activity_id="a", revision=2, status="retracted")
    back = report("2026-04-14", activity_id="a", revision=3)
    for order in ((first, gone), (gone, first)):
        assert tally(obligation, year, *order).counted == 0
    assert tally(obligation, year, back, gone, first).counted == 1


def test_a_released_day_no_longer_counts(report: NewReport) -> None:
    before = report("2026-04-14", activity_id="a")
    left = report("2026-04-14", activity_id="a", revision=2, released=True)
    now = report("2026-05-05", activity_id="a", revision=2)
    assert [o.counted_on for o in occasions(latest([now, left, before]))] == [date(2026, 5, 5)]


def test_where_every_theme_is_asked_for_those_left_are_named(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    rule = rule_of(obligation)
    slot = replace(rule.slots[1], match=Given("all", "operator"))
    every = replace(obligation, rule=replace(rule, slots=(slot,), count=Given(1, "leaflet")))
    half = tally(every, year, report("2026-11-09"))
    assert (half.met, half.slots[0].themes) == (False, ("lighting",))
    assert tally(every, year, report("2026-11-09"), report("2026-11-10", themes=frozenset({"lighting"}))).met


def test_a_total_above_the_slots_is_a_deadline_of_its_own(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    more = replace(obligation, rule=replace(rule_of(obligation), count=Given(3, "leaflet")))
    found = tally(more, year, report("2026-04-14"), report("2026-11-09"))
    assert (found.met, [need.id for need in found.deadlines]) == (False, ["spring", "autumn", ""])
    assert [need.id for need in tally(obligation, year).deadlines] == ["spring", "autumn"]


def test_over_fulfilment_shows_the_raw_count_and_caps_the_progress(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    plain = replace(obligation, rule=Occasions(count=Given(2, "leaflet")))
    found = tally(plain, year, *(report(f"2026-0{month}-10") for month in range(1, 6)))
    assert (found.counted, found.progress) == (5, (2, 2))


def test_two_reports_without_a_key_on_one_day_may_be_the_same(
    obligation: Obligation, year: Period, report: NewReport
) -> None:
    found = tally(obligation, year, report("2026-04-14"), report("2026-04-14"), report("2026-04-20"))
    assert found.possible_duplicates == (date(2026, 4, 14),)
