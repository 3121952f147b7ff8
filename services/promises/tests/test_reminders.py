from collections.abc import Collection
from datetime import date, timedelta

import pytest
from promises.domain.calendar import Window
from promises.domain.label import Label
from promises.domain.parameters import Mailing
from promises.domain.reminders import Stage, StageName, Told, Word, audiences, not_before, stages
from promises.domain.reminders import decide as decided
from promises.domain.tally import Need
from promises.domain.working_days import before, is_working_day, on_or_before

AUTUMN = Window(date(2026, 9, 1), date(2026, 11, 30))
SPRING = Window(date(2026, 3, 1), date(2026, 5, 31))
BOTH = ("police", "town")


def need(**changes: object) -> Need:
    values: dict[str, object] = {"id": "autumn", "name": Label("", ""), "window": AUTUMN, "need": 1, "awaited": BOTH}
    return Need(**(values | changes))  # type: ignore[arg-type]


def decide(need: Need, today: date, ledger: Collection[StageName], told: Told | None) -> Word:
    return decided(need, [stage for stage in stages(need.window, 14) if stage.day <= today], today, ledger, told)


@pytest.mark.parametrize(
    ("end", "anchor", "one", "ten", "twenty"),
    [
        ("2026-05-31", "2026-05-29", "2026-05-28", "2026-05-15", "2026-04-29"),
        ("2026-11-30", "2026-11-30", "2026-11-27", "2026-11-16", "2026-11-02"),
        ("2026-12-31", "2026-12-30", "2026-12-29", "2026-12-14", "2026-11-30"),
    ],
)
def test_working_days_before_an_end_follow_the_published_vectors(
    end: str, anchor: str, one: str, ten: str, twenty: str
) -> None:
    day = date.fromisoformat(end)
    assert on_or_before(day) == date.fromisoformat(anchor)
    assert [before(day, n).isoformat() for n in (1, 10, 20)] == [one, ten, twenty]


@pytest.mark.parametrize("eve", ["2026-06-19", "2026-12-24", "2026-12-31"])
def test_the_eves_are_no_working_days(eve: str) -> None:
    assert not is_working_day(date.fromisoformat(eve))


def test_the_stages_of_the_two_seasons_fall_on_their_days() -> None:
    def days(window: Window) -> list[tuple[str, str]]:
        return [(stage.name, f"{stage.day:%m-%d}") for stage in stages(window, 14)]

    assert days(SPRING) == [
        ("opens", "03-01"),
        ("half_time", "04-16"),
        ("days_20", "04-29"),
        ("days_10", "05-15"),
        ("days_1", "05-28"),
        ("missed", "06-15"),
    ]
    assert days(AUTUMN) == [
        ("opens", "09-01"),
        ("half_time", "10-16"),
        ("days_20", "11-02"),
        ("days_10", "11-16"),
        ("days_1", "11-27"),
        ("missed", "12-15"),
    ]


def test_stages_on_or_before_the_first_day_are_dropped() -> None:
    short = Window(date(2026, 11, 16), date(2026, 11, 30))
    assert [stage.name for stage in stages(short, 0)] == ["opens", "half_time", "days_1", "missed"]


def test_a_stage_is_told_on_its_day_and_only_once() -> None:
    word = decide(need(), date(2026, 11, 2), {"opens", "half_time"}, None)
    assert (word.stage, word.late, word.skipped) == (Stage("days_20", date(2026, 11, 2)), False, ())
    told = Told(3, BOTH, "days_20")
    assert decide(need(), date(2026, 11, 3), {"opens", "half_time", "days_20"}, told).stage is None


def test_after_downtime_only_the_latest_stage_is_told_late_and_the_others_are_entered_as_skipped() -> None:
    word = decide(need(), date(2026, 11, 5), set(), None)
    assert word.stage == Stage("days_20", date(2026, 11, 2))
    assert word.late
    assert [stage.name for stage in word.skipped] == ["opens", "half_time"]


@pytest.mark.parametrize(("passed", "told"), [(30, True), (31, False)])
def test_a_stage_that_passed_more_than_thirty_days_ago_is_only_entered(passed: int, told: bool) -> None:
    word = decide(need(), date(2026, 12, 15) + timedelta(passed), set(), None)
    assert bool(word.stage) is told
    assert ("missed" in [stage.name for stage in word.skipped]) is not told


@pytest.mark.parametrize(
    ("day", "told"), [("2026-09-01", True), ("2026-10-16", False), ("2026-11-02", False), ("2026-11-27", True)]
)
def test_a_plan_withholds_half_time_twenty_and_ten_but_neither_the_opening_nor_the_last(day: str, told: bool) -> None:
    planned = need(planned=(date(2026, 11, 28),))
    ledger = {stage.name for stage in stages(AUTUMN, 14) if stage.day < date.fromisoformat(day)}
    assert bool(decide(planned, date.fromisoformat(day), ledger, None).stage) is told


def test_a_plan_that_has_passed_withholds_nothing() -> None:
    planned = need(planned=(date(2026, 11, 1),))
    assert decide(planned, date(2026, 11, 2), {"opens", "half_time"}, None).stage


def test_what_is_met_is_settled_once() -> None:
    met = need(met=True, awaited=())
    assert decide(met, date(2026, 11, 3), {"opens"}, Told(1, BOTH, "opens")).settled
    assert not decide(met, date(2026, 11, 3), {"opens"}, Told(2, (), "opens")).settled
    assert not decide(met, date(2026, 11, 3), set(), None).settled


def test_one_owner_less_settles_that_owner_and_tells_no_stage_again() -> None:
    word = decide(need(awaited=("police",)), date(2026, 11, 9), _ledger("2026-11-09"), Told(4, BOTH, "days_20"))
    assert (word.settled, word.stage) == (True, None)


def test_a_slot_that_opens_again_repeats_its_latest_stage_late() -> None:
    word = decide(need(), date(2026, 11, 10), _ledger("2026-11-10"), Told(5, (), "days_20"))
    assert (word.stage, word.late) == (Stage("days_20", date(2026, 11, 2)), True)


def test_a_plan_for_today_withholds_still() -> None:
    planned = need(planned=(date(2026, 11, 2),), awaited=("police",))
    word = decide(planned, date(2026, 11, 2), {"opens", "half_time"}, Told(2, BOTH, "half_time"))
    assert (word.stage, word.settled) == (None, True)


def test_stages_that_passed_unsaid_before_one_that_was_said_are_entered_as_skipped() -> None:
    word = decide(need(), date(2026, 11, 3), {"days_20"}, Told(3, BOTH, "days_20"))
    assert (word.stage, [stage.name for stage in word.skipped], word.settled) == (None, ["opens", "half_time"], False)


def test_what_was_missed_long_ago_settles_whoever_is_no_longer_awaited_and_is_entered_as_skipped() -> None:
    late = date(2026, 12, 15) + timedelta(31)
    word = decide(need(awaited=("police",)), late, _ledger("2026-12-01"), Told(4, BOTH, "days_1"))
    assert (word.stage, [stage.name for stage in word.skipped], word.settled) == (None, ["missed"], True)


def test_what_was_told_as_missed_is_told_again_however_late_when_it_opens_again() -> None:
    late = date(2026, 12, 15) + timedelta(31)
    word = decide(need(), late, _ledger("2026-12-15"), Told(5, (), "missed"))
    assert (word.stage, word.late, word.skipped) == (Stage("missed", date(2026, 12, 15)), True, ())
    assert decide(need(), late, _ledger("2026-12-15"), Told(5, (), "days_1")).stage is None


def test_before_the_first_stage_nothing_is_said() -> None:
    assert decide(need(), date(2026, 8, 31), set(), None) == Word()


def test_managers_hear_of_the_last_day_and_of_what_was_missed() -> None:
    heard = {stage.name for stage in stages(AUTUMN, 14) if "manager" in audiences(stage.name, "every_stage")}
    assert heard == {"days_1", "missed"}


def _ledger(day: str) -> set[StageName]:
    return {stage.name for stage in stages(AUTUMN, 14) if stage.day <= date.fromisoformat(day)}


def test_cadence_mails_ten_days_before_and_missed_and_a_month_only_what_was_missed() -> None:
    def mailed(mailing: Mailing) -> list[str]:
        return [stage.name for stage in stages(AUTUMN, 14, mailing) if "owner" in audiences(stage.name, mailing)]

    assert mailed("last_stages") == ["days_10", "missed"]
    assert mailed("monthly") == ["missed"]
    assert len(mailed("every_stage")) == 6


@pytest.mark.parametrize(("last", "summary"), [("2026-01-31", "2026-02-16"), ("2026-02-28", "2026-03-16")])
def test_what_a_month_missed_is_mailed_after_the_fifteenth_of_the_next(last: str, summary: str) -> None:
    day = date.fromisoformat(last)
    missed = stages(Window(day.replace(day=1), day), 14, "monthly")[-1]
    assert missed.name == "missed"
    assert not_before(missed, "monthly") == date.fromisoformat(summary)
    assert not_before(missed, "last_stages") == missed.day
