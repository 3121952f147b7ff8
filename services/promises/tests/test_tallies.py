"""What coverage and occasions amount to, the whole tally: counts, needs with who is awaited, what is stray or short."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from promises.domain.calendar import Window
from promises.domain.evidence import Baseline, Report, latest, occasions
from promises.domain.label import Label
from promises.domain.missing import missing
from promises.domain.obligation import Obligation
from promises.domain.tally import Need, Tally, Waiting

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import (
    Entry,
    holding,
    in_versions,
    leaflet,
    operators,
    promised,
    report,
    slot,
    version,
)
from services.promises.tests.promising import (
    occasions as at_least,
)

THEN = datetime.fromisoformat("2025-12-01T00:00:00+00:00")
YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))
NAME = Label("året 2026", "the year 2026")
COVERAGE: Entry = {
    "kind": "coverage",
    "percent": leaflet(90),
    "quantity": operators("pupils_offered"),
    "baseline": operators("pupils_enrolled"),
}
CADENCE: Entry = {"kind": "cadence", "count": leaflet(1)}


def tally(it: Obligation, reports: Sequence[Report], baseline: Baseline | None = None) -> Tally:
    return it.rule.tally(it, holding(it, "2026-06-01"), occasions(latest(reports)), baseline)


def pupils(unit: str | None, number: int, **more: Any) -> Report:  # noqa: ANN401
    return report("2026-03-02", unit=unit, quantities=(("pupils_offered", number), ("left_out", 9)), **more)


def whole(need: int, count: int, *, met: bool, **more: Any) -> Need:  # noqa: ANN401
    awaited = () if met else (POLICE, TOWN)
    return Need("", NAME, YEAR, need, count=count, met=met, awaited=awaited, what="period", **more)


def test_a_coverage_by_unit_counts_each_up_to_its_size_and_names_what_is_short() -> None:
    baseline = Baseline(1, THEN, 60, (("B", 20), ("A", 30), ("C", 10)))
    reports = [pupils("A", 25), pupils("B", 50), pupils(None, 7), pupils("D", 1)]
    plan = report("2026-10-01", status="planned", unit="A")
    short = (("A", 25, 30), ("C", 0, 10))
    assert tally(promised(COVERAGE), [*reports, plan], baseline) == Tally(
        counted=45,
        need=54,
        met=False,
        slots=(),
        deadlines=(whole(54, 45, met=False, planned=(date(2026, 10, 1),), short=short),),
        progress=(45, 54),
        by_unit=True,
        unknown_units=2,
    )


def test_a_coverage_that_is_met_awaits_nobody_and_names_nothing_short() -> None:
    baseline = Baseline(1, THEN, 60, (("A", 30), ("B", 30)))
    found = tally(promised(COVERAGE), [pupils("A", 30), pupils("B", 24)], baseline)
    assert found.deadlines == (whole(54, 54, met=True),)
    assert (found.met, found.progress, found.unknown_units) == (True, (54, 54), 0)


def test_a_coverage_not_told_by_unit_takes_every_report() -> None:
    found = tally(promised(COVERAGE), [pupils("A", 30), pupils(None, 40)], Baseline(1, THEN, 60))
    assert (found.counted, found.met, found.by_unit, found.unknown_units) == (70, True, False, 0)
    assert found.progress == (54, 54)


def test_a_coverage_without_a_baseline_needs_nothing_yet_and_is_not_met() -> None:
    for baseline in (None, Baseline(1, THEN, 0)):
        found = tally(promised(COVERAGE), [pupils("A", 30)], baseline)
        assert (found.met, found.no_baseline, found.by_unit, found.progress) == (False, True, None, (0, 1))


def test_a_report_without_the_quantity_adds_nothing() -> None:
    other = report("2026-03-02", unit="A", quantities=(("left_out", 3),))
    assert tally(promised(COVERAGE), [other, pupils("A", 2)], Baseline(1, THEN, 60)).counted == 2


def test_lessons_that_disagree_are_told() -> None:
    key = {"occasion_key": "2026-03-02/a"}
    found = tally(promised(COVERAGE), [pupils("A", 2, **key), pupils("A", 3, **key)], Baseline(1, THEN, 60))
    assert found.disagreements == ((date(2026, 3, 2), ("quantities",)),)


JOINT = at_least(2, taking_part=leaflet(["police", "municipality"]))
SEASONS = [
    slot("spring", "03-01", "05-31", "traffic_rules"),
    slot("autumn", "09-01", "11-30", "lighting", "reflector", match="all"),
]


def done(day: str, *themes: str, both: bool = True, **more: Any) -> Report:  # noqa: ANN401
    return report(day, themes=frozenset(themes), confirmed_by=frozenset({TOWN} if both else ()), **more)


def season(name: str, themes: tuple[str, ...], **more: Any) -> Need:  # noqa: ANN401
    first, last = {"spring": ("03-01", "05-31"), "autumn": ("09-01", "11-30")}[name]
    window = Window(date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}"))
    return Need(name, Label(f"{name}s insats", f"the {name} operation"), window, 1, themes, **more)


def test_occasions_fill_their_seasons_and_what_fills_none_is_stray() -> None:
    reports = [
        done("2026-03-01", "traffic_rules"),
        done("2026-07-01", "traffic_rules"),
        done("2026-05-31", "reflector"),
        done("2026-09-01", "reflector", both=False),
        done("2026-11-30", "lighting"),
        done("2026-10-10", "lighting", status="planned"),
    ]
    spring = season("spring", ("traffic_rules",), count=1, met=True)
    autumn = season(
        "autumn",
        ("reflector",),
        match="all",
        count=1,
        awaited=(TOWN,),
        waiting=Waiting(1, (POLICE,), (TOWN,)),
        planned=(date(2026, 10, 10),),
    )
    assert tally(promised(JOINT | {"slots": SEASONS}), reports) == Tally(
        counted=4,
        need=2,
        met=False,
        slots=(spring, autumn),
        deadlines=(spring, autumn),
        progress=(1, 2),
        stray=2,
        partner_missing=1,
    )


def test_without_seasons_nothing_is_stray_and_the_period_is_what_is_due() -> None:
    found = tally(promised(JOINT), [done("2026-05-05"), done("2026-06-06", both=False)])
    assert found == Tally(
        counted=1,
        need=2,
        met=False,
        slots=(),
        deadlines=(
            Need("", NAME, YEAR, 2, count=1, awaited=(TOWN,), waiting=Waiting(1, (POLICE,), (TOWN,)), what="period"),
        ),
        progress=(1, 2),
        partner_missing=1,
    )


def test_everybody_is_awaited_where_one_alone_could_not_fill_what_is_left() -> None:
    """One of two that are lacking was held by the police alone, so a confirmation is not enough."""
    [need] = tally(promised(JOINT), [done("2026-06-06", both=False)]).deadlines
    assert (need.awaited, need.reported) == ((POLICE, TOWN), (POLICE,))
    [need] = tally(promised(JOINT), [done("2026-06-06", both=False), done("2026-06-07", both=False)]).deadlines
    assert (need.awaited, need.reported) == ((TOWN,), (POLICE,))
    [need] = tally(promised(JOINT), []).deadlines
    assert (need.awaited, need.reported) == ((POLICE, TOWN), ())
    [need] = tally(promised(JOINT), [done("2026-06-06"), done("2026-06-07"), done("2026-06-08", both=False)]).deadlines
    assert (need.met, need.awaited, need.reported) == (True, (), ())


def test_everybody_is_awaited_where_a_confirmation_alone_would_not_bring_every_theme() -> None:
    every = [slot("autumn", "09-01", "11-30", "lighting", "reflector", match="all")]
    it = promised(JOINT | {"slots": every})
    for theme, awaited in (("lighting", (POLICE, TOWN)), ("reflector", (TOWN,))):
        reports = [done("2026-10-01", "lighting"), done("2026-10-08", theme, both=False)]
        [need] = tally(it, reports).slots
        assert (need.awaited, need.reported) == (awaited, (POLICE,))


def test_a_season_of_one_day_is_a_season() -> None:
    one_day = slot("lucia", "12-13", "12-13", "lighting")
    [need] = tally(promised(at_least(1, slots=[one_day])), [done("2026-12-13", "lighting")]).slots
    assert need.met


def test_a_season_takes_the_themes_of_the_version_valid_on_the_occasions_day() -> None:
    """A version without that season asks what the season of the period's first day does."""
    spring, autumn = ("2026-01-01", "2026-06-30"), ("2026-07-01", "2026-12-31")

    def filled(then: Entry, day: str, theme: str) -> int:
        first = version(at_least(1, slots=[slot("all", "01-02", "12-30", "lighting")]), valid=spring)
        it = in_versions(first, version(then, valid=autumn))
        return tally(it.ruling(holding(it, "2026-06-01")), [done(day, theme)]).slots[0].count

    changed = at_least(1, slots=[slot("all", "01-02", "12-30", "reflector")])
    assert [filled(changed, day, "lighting") for day in ("2026-06-30", "2026-07-01")] == [1, 0]
    assert [filled(changed, day, "reflector") for day in ("2026-06-30", "2026-07-01")] == [0, 1]
    first = version(at_least(1, slots=[slot("all", "01-02", "12-30", "lighting")]), valid=spring)
    it = in_versions(first, version(changed, valid=autumn))
    reports = [done("2026-06-30", "lighting"), done("2026-07-01", "reflector")]
    assert tally(it.ruling(holding(it, "2026-06-01")), reports).slots[0].count == 2
    for other in (at_least(1), CADENCE):
        assert [filled(other, "2026-07-01", theme) for theme in ("lighting", "reflector")] == [1, 0]


def test_of_the_themes_of_a_season_any_is_enough_unless_it_is_told() -> None:
    silent = slot("spring", "03-01", "05-31", "lighting", "reflector")
    del silent["match"]
    [need] = tally(promised(at_least(1, slots=[silent])), [done("2026-04-01", "lighting")]).slots
    assert (need.match, need.met) == ("any", True)


def test_what_a_whole_period_lacks_is_said_of_the_period() -> None:
    it = promised(at_least(2))
    [lacking] = missing(it, tally(it, []).deadlines[0])
    assert (lacking.code, lacking.of, lacking.count, lacking.need) == ("period", "", 0, 2)
