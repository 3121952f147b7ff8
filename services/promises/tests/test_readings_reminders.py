"""Semantics 4.15 and settled readings 7.18 to 7.21 and 7.27, as far as this service decides them: which stage, when.

That they are said once, and to whom they are mailed, is in `test_notices` and in `notifications`.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from promises.domain.calendar import Window
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Evidence, Report
from promises.domain.obligation import Obligation
from promises.domain.reminders import StageName, Told, Word, audiences, decide, not_before, stages
from promises.domain.tally import Need
from promises.domain.working_days import before, on_or_before

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import holding, leaflet, moment, occasions, operators, promised, report, slot

SPRING, AUTUMN = slot("spring", "03-01", "05-31", "traffic_rules"), slot("autumn", "09-01", "11-30", "reflector")
SEASONS = promised(occasions(2, slots=[SPRING, AUTUMN], taking_part=leaflet(["police", "municipality"])))
REFLECTOR = frozenset({"reflector"})
BOTH = (POLICE, TOWN)


def deadlines(obligation: Obligation, now: str, *reports: Report) -> dict[str, Need]:
    found = evaluate(obligation, holding(obligation, "2026-10-01"), Evidence(reports), moment(now), "internal")
    return {need.id: need for need in found.tally.deadlines}


def word(
    obligation: Obligation, need: Need, today: str, ledger: Collection[StageName] = (), told: Told | None = None
) -> Word:
    day = date.fromisoformat(today)
    every = stages(need.window, obligation.grace_days, obligation.mailing)
    return decide(need, [stage for stage in every if stage.day <= day], day, ledger, told)


def autumn(today: str, *reports: Report, ledger: Collection[StageName] = (), told: Told | None = None) -> Word:
    return word(SEASONS, deadlines(SEASONS, today, *reports)["autumn"], today, ledger, told)


def name_of(said: Word) -> str | None:
    return said.stage.name if said.stage else None


def test_4_15_reminders_stop_when_the_slot_is_met() -> None:
    done = report("2026-10-01", themes=REFLECTOR, confirmed_by=frozenset({TOWN}))
    assert name_of(autumn("2026-11-02")) == "days_20"
    said = autumn("2026-11-02", done, ledger={"opens"}, told=Told(1, BOTH, "opens"))
    assert (name_of(said), said.settled) == (None, True)


def test_4_15_after_downtime_only_the_latest_stage_passed_is_told_marked_late() -> None:
    said = autumn("2026-11-20", ledger={"opens"}, told=Told(1, BOTH, "opens"))
    assert (name_of(said), said.late, [stage.name for stage in said.skipped]) == (
        "days_10",
        True,
        ["half_time", "days_20"],
    )


@pytest.mark.parametrize(
    ("end", "anchor", "one"),
    [
        ("2026-05-31", "2026-05-29", "2026-05-28"),
        ("2026-11-30", "2026-11-30", "2026-11-27"),
        ("2026-12-31", "2026-12-30", "2026-12-29"),
    ],
)
def test_7_18_working_days_before_are_counted_from_the_last_working_day_on_or_before_the_end(
    end: str, anchor: str, one: str
) -> None:
    last = date.fromisoformat(end)
    assert (on_or_before(last).isoformat(), before(last, 1).isoformat()) == (anchor, one)


def test_7_19_the_stages_of_autumn_fall_on_their_days() -> None:
    days = {stage.name: f"{stage.day:%m-%d}" for stage in stages(Window(date(2026, 9, 1), date(2026, 11, 30)), 14)}
    assert days == {
        "opens": "09-01",
        "half_time": "10-16",
        "days_20": "11-02",
        "days_10": "11-16",
        "days_1": "11-27",
        "missed": "12-15",
    }


def test_7_19_stages_on_or_before_the_first_day_are_dropped() -> None:
    short = Window(date(2026, 11, 23), date(2026, 11, 30))
    assert [stage.name for stage in stages(short, 14)] == ["opens", "half_time", "days_1", "missed"]


@pytest.mark.parametrize(
    ("total", "slots", "reminding"),
    [
        (2, [SPRING, AUTUMN], ["spring", "autumn"]),
        (1, [SPRING, AUTUMN], ["spring", "autumn"]),
        (3, [SPRING, AUTUMN], ["spring", "autumn", ""]),
        (2, [], [""]),
    ],
)
def test_7_19_slots_remind_and_the_total_only_if_it_asks_for_more_or_there_are_none(
    total: int, slots: Sequence[Any], reminding: list[str]
) -> None:
    assert list(deadlines(promised(occasions(total, slots=slots)), "2026-02-01")) == reminding


def test_7_19_a_month_has_half_time_and_missed_only() -> None:
    monthly = promised({"kind": "cadence", "count": operators(1)}, period="month")
    [need] = deadlines(monthly, "2026-10-05").values()
    found = [(stage.name, stage.day.isoformat()) for stage in stages(need.window, 14, monthly.mailing)]
    assert found == [("half_time", "2026-10-16"), ("missed", "2026-11-15")]


@pytest.mark.parametrize(("passed", "told"), [(30, "missed"), (31, None)])
def test_7_20_a_stage_that_passed_more_than_thirty_days_ago_is_entered_as_skipped(
    passed: int, told: str | None
) -> None:
    said = autumn((date(2026, 12, 15) + timedelta(passed)).isoformat())
    assert name_of(said) == told
    assert ("missed" in [stage.name for stage in said.skipped]) is (told is None)


def test_7_20_a_slot_reopened_by_a_retraction_repeats_its_latest_stage() -> None:
    gone = report("2026-10-01", themes=REFLECTOR, status="retracted")
    said = autumn("2026-11-05", gone, ledger={"opens", "half_time", "days_20"}, told=Told(4, (), "days_20"))
    assert (name_of(said), said.late) == ("days_20", True)


@pytest.mark.parametrize(
    ("today", "ledger", "stage"),
    [
        ("2026-09-01", (), "opens"),
        ("2026-10-16", ("opens",), None),
        ("2026-11-02", ("opens",), None),
        ("2026-11-16", ("opens",), None),
        ("2026-11-27", ("opens",), "days_1"),
    ],
)
def test_7_21_a_plan_that_fits_the_slot_withholds_half_time_twenty_and_ten(
    today: str, ledger: tuple[StageName, ...], stage: str | None
) -> None:
    plan = report("2026-11-28", themes=REFLECTOR, status="planned", recorded_at=moment("2026-08-01"))
    assert name_of(autumn(today, plan, ledger=ledger)) == stage


def test_7_21_a_plan_that_has_passed_or_does_not_fit_the_slot_withholds_nothing() -> None:
    passed = report("2026-10-30", themes=REFLECTOR, status="planned")
    other = report("2026-11-28", themes=frozenset({"traffic_rules"}), status="planned")
    assert [name_of(autumn("2026-11-02", plan)) for plan in (passed, other)] == ["days_20", "days_20"]


def test_7_21_where_a_partner_is_missing_only_the_partner_is_awaited() -> None:
    alone = report("2026-10-01", TOWN, themes=REFLECTOR)
    need = deadlines(SEASONS, "2026-11-02", alone)["autumn"]
    assert (need.awaited, need.reported) == ((POLICE,), (TOWN,))


def test_7_21_managers_get_the_day_before_and_the_missed_one() -> None:
    every = stages(Window(date(2026, 9, 1), date(2026, 11, 30)), 14)
    heard = [stage.name for stage in every if "manager" in audiences(stage.name, "every_stage")]
    assert heard == ["days_1", "missed"]


@pytest.mark.parametrize(
    ("period", "mailed"),
    [
        ("year", ["days_10", "missed"]),
        ("quarter", ["days_10", "missed"]),
        ("tertial", ["days_10", "missed"]),
        ("month", ["missed"]),
    ],
)
def test_7_27_a_cadence_mails_ten_days_before_and_missed_and_by_month_a_summary(period: str, mailed: list[str]) -> None:
    pace = promised({"kind": "cadence", "count": operators(1)}, period=period)
    [need] = deadlines(pace, "2026-10-05").values()
    every = stages(need.window, 14, pace.mailing)
    assert [stage.name for stage in every if "owner" in audiences(stage.name, pace.mailing)] == mailed


def test_7_27_a_months_summary_goes_after_the_fifteenth_when_the_month_has_left_its_grace() -> None:
    monthly = promised({"kind": "cadence", "count": operators(1)}, period="month")
    [need] = deadlines(monthly, "2026-10-05").values()
    missed = stages(need.window, 14, monthly.mailing)[-1]
    assert (missed.day, not_before(missed, monthly.mailing)) == (date(2026, 11, 15), date(2026, 11, 16))


def test_7_27_which_stages_mail_is_a_parameter_of_the_rule() -> None:
    rule = {"kind": "cadence", "count": operators(1), "mailing": operators("every_stage")}
    assert promised(rule, period="month").mailing == "every_stage"
    assert promised(occasions(2, mailing=operators("last_stages"))).mailing == "last_stages"
