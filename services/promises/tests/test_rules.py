"""What each kind of rule answers, beside its tally: defaults, complaints, and the names it uses."""

from datetime import date

import pytest
from promises.domain.calendar import Period, Window
from promises.domain.label import Label
from promises.domain.parameters import set_by_operator, spoken
from promises.domain.period_names import name_of

from services.promises.tests.promising import (
    Entry,
    holding,
    leaflet,
    operators,
    promised,
    slot,
)
from services.promises.tests.promising import (
    occasions as at_least,
)

YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))
COVERAGE: Entry = {
    "kind": "coverage",
    "percent": leaflet(90),
    "quantity": operators("pupils_offered"),
    "baseline": operators("pupils_enrolled"),
}
CADENCE: Entry = {"kind": "cadence", "count": leaflet(1)}
UMBRELLA: Entry = {"kind": "umbrella", "children": operators(["other"])}


@pytest.mark.parametrize(
    ("rule", "period", "mailed"),
    [
        (COVERAGE, "year", "every_stage"),
        (at_least(1), "year", "every_stage"),
        (CADENCE, "year", "last_stages"),
        (CADENCE, "month", "monthly"),
        (UMBRELLA, "year", "every_stage"),
    ],
)
def test_which_stages_are_mailed_unless_it_is_told(rule: Entry, period: str, mailed: str) -> None:
    assert promised(rule, period=period).mailing == mailed
    if rule is not UMBRELLA:
        assert promised(rule | {"mailing": operators("last_stages")}, period=period).mailing == "last_stages"


def complaints(rule: Entry, kind: str) -> list[tuple[tuple[str | int, ...], str]]:
    period = Period("2026", kind, YEAR)  # type: ignore[arg-type]
    return list(promised(rule).rule.complaints(period))


def test_what_is_wrong_with_a_rule_is_told_with_its_place() -> None:
    sentence = "a coverage is followed up by month, quarter, tertial, year or school_year, not by custom_year"
    assert complaints(COVERAGE, "custom_year") == [((), sentence)]
    assert complaints(COVERAGE, "school_year") == complaints(CADENCE, "month") == complaints(UMBRELLA, "year") == []
    good, twice = slot("one", "03-01", "05-31"), slot("one", "09-01", "11-30")
    back = slot("other", "05-31", "03-01")
    assert complaints(at_least(3, slots=[good, twice, back]), "year") == [
        (("slots", 1, "id"), "'one' is given twice"),
        (("slots", 2, "window"), "the window ends before it begins within its period"),
    ]
    part = "slots are parts of a year; the period must be a year of some kind"
    assert complaints(at_least(1, slots=[good]), "month") == [(("slots", 0, "window"), part)]
    assert complaints(at_least(1, slots=[good]), "school_year") == []
    assert complaints(at_least(1, slots=[slot("lucia", "12-13", "12-13", "lighting")]), "year") == []


def test_a_season_that_a_period_does_not_hold_is_told() -> None:
    rule = promised(at_least(1, slots=[slot("spring", "03-01", "05-31")])).rule
    short = Period("2026", "custom_year", Window(date(2026, 4, 1), date(2026, 12, 31)))
    assert [place for place, _ in rule.complaints(short)] == [("slots", 0, "window")]


def test_the_names_a_rule_uses_are_told_with_their_place_and_sort() -> None:
    seasons = [slot("spring", "03-01", "05-31", "lighting", "reflector")]
    rule = promised(at_least(1, slots=seasons, taking_part=leaflet(["police"]))).rule
    assert list(spoken(rule)) == [
        (("taking_part", "value"), "kind of organisation", ("police",)),
        (("slots", 0, "themes", "value"), "theme", ("lighting", "reflector")),
    ]
    assert list(spoken(promised(COVERAGE).rule)) == [
        (("quantity", "value"), "quantity", ("pupils_offered",)),
        (("baseline", "value"), "quantity", ("pupils_enrolled",)),
    ]


def test_what_an_operator_set_is_named_and_what_the_leaflet_says_is_not() -> None:
    found = set_by_operator(promised(COVERAGE).rule)
    assert [label.en for label in found] == ["what is counted", "the source of how many there are"]
    assert set_by_operator(promised(at_least(1, special_effort=leaflet(value=True))).rule) == ()
    [effort] = set_by_operator(promised(at_least(1, special_effort=operators(value=True))).rule)
    assert effort == Label("vad som är en särskild insats", "what a special operation is")


@pytest.mark.parametrize(
    ("kind", "day", "sv", "en"),
    [
        ("month", "2026-01-15", "januari 2026", "January 2026"),
        ("month", "2026-12-15", "december 2026", "December 2026"),
        ("quarter", "2026-05-15", "april–juni 2026", "April–June 2026"),
        ("tertial", "2026-09-01", "september–december 2026", "September–December 2026"),
        ("year", "2026-09-01", "året 2026", "the year 2026"),
        ("school_year", "2026-09-01", "läsåret 2026/27", "the school year 2026/27"),
    ],
)
def test_a_period_is_called_what_people_call_it(kind: str, day: str, sv: str, en: str) -> None:
    assert name_of(holding(promised(CADENCE, period=kind), day)) == Label(sv, en)
