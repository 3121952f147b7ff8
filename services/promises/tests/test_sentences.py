"""What people read of a standing: one clear sentence for each reason, and what is missing as a list."""

from datetime import date

import pytest
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Baseline, Evidence, Report
from promises.domain.label import OR, Label, labels_listed
from promises.domain.missing import Missing, missing, missing_of, phrase, texts
from promises.domain.obligation import Obligation
from promises.domain.reasons import Reason
from promises.domain.sentences import sentence
from promises.domain.standing import Standing

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import (
    holding,
    leaflet,
    moment,
    occasions,
    operators,
    promised,
    report,
    sentences,
    slot,
    stand,
)

SPRING = slot("spring", "03-01", "05-31", "traffic_rules")
AUTUMN = slot("autumn", "09-01", "11-30", "lighting", "reflector") | {
    "name": {"sv": "höstens insats", "en": "the autumn operation"}
}
SEASONS = promised(occasions(2, slots=[SPRING, AUTUMN], taking_part=leaflet(["police", "municipality"])))
REFLECTOR = frozenset({"reflector"})


@pytest.mark.parametrize(
    ("today", "sv", "en"),
    [
        (
            "2026-11-10",
            "Sista dag är 30 november, om 14 arbetsdagar.",
            "The last day is 30 November, in 14 working days.",
        ),
        ("2026-11-27", "Sista dag är 30 november, om 1 arbetsdag.", "The last day is 30 November, in 1 working day."),
        ("2026-11-30", "Sista dag är 30 november, i dag.", "The last day is 30 November, today."),
        ("2026-12-01", "Sista dag var 30 november.", "The last day was 30 November."),
    ],
)
def test_a_missing_season_is_said_with_its_last_day_and_the_working_days_left(today: str, sv: str, en: str) -> None:
    code = "slot_closed" if today > "2026-11-30" else "slot_missing"
    found = stand(SEASONS, today)
    assert sentences(found, code)[-1] == f"Höstens insats saknas. {sv}"
    assert sentences(found, code, "en")[-1] == f"The autumn operation is missing. {en}"


@pytest.mark.parametrize(("stray", "begins"), [(1, "Ett tillfälle "), (2, "2 tillfällen ")])
def test_one_is_said_in_the_singular_and_two_in_the_plural(stray: int, begins: str) -> None:
    told = [report(f"2026-07-0{n}", confirmed_by=frozenset({TOWN})) for n in range(1, stray + 1)]
    [said] = sentences(stand(SEASONS, "2026-08-01", *told), "needs_assessment")
    assert said.startswith(begins)


def test_what_is_missing_is_a_list_with_codes_counts_and_themes() -> None:
    found = stand(SEASONS, "2026-11-10", report("2026-10-01", POLICE, themes=REFLECTOR))
    shape = [(m["code"], m["of"], m["count"], m["need"], m["themes"]) for m in found["missing"]]
    assert shape == [
        ("slot", "spring", 0, 1, ["traffic_rules"]),
        ("slot", "autumn", 0, 1, ["lighting", "reflector"]),
        ("partner", TOWN, 0, 1, []),
    ]
    assert found["missing"][1]["sv"] == "höstens insats (lighting eller reflector)"


def test_nothing_is_missing_of_what_is_met() -> None:
    done = [
        report("2026-04-01", themes=frozenset({"traffic_rules"}), confirmed_by=frozenset({TOWN})),
        report("2026-10-01", themes=REFLECTOR, confirmed_by=frozenset({TOWN})),
    ]
    assert stand(SEASONS, "2026-11-10", *done)["missing"] == []


SCHOOLS = tuple(f"{name}skolan" for name in "ABCDEFG")


def lacking(count: int) -> tuple[Obligation, Standing]:
    """A school year in which so many schools with ten pupils each have heard of nothing."""
    rule = {
        "kind": "coverage",
        "quantity": leaflet("pupils_offered"),
        "baseline": operators("pupils_enrolled"),
        "percent": leaflet(100),
    }
    pupils = promised(rule, period="school_year", valid=("2025-07-01", "2026-06-30"), owners=[TOWN])
    baseline = Baseline(1, moment("2025-09-01"), count * 10, tuple((name, 10) for name in SCHOOLS[:count]))
    evidence = Evidence((), (baseline,))
    return pupils, evaluate(pupils, holding(pupils, "2025-10-01"), evidence, moment("2025-10-01"), "internal")


@pytest.mark.parametrize(("count", "named", "more"), [(2, 2, None), (5, 5, None), (6, 5, 1), (7, 5, 2)])
def test_at_most_five_schools_are_named_and_the_others_are_counted(count: int, named: int, more: int | None) -> None:
    obligation, found = lacking(count)
    shown = texts(missing_of(obligation, found.tally))
    rest = [Label(f"och {more} till", f"and {more} more")] if more else []
    assert shown[0] == Label(f"läsåret 2025/26: 0 av {count}0", f"the school year 2025/26: 0 of {count}0")
    assert shown[1:] == [Label(f"{name}: 0 av 10", f"{name}: 0 of 10") for name in SCHOOLS[:named]] + rest
    [said] = [reason for reason in found.reasons if reason.code == "units_missing"]
    sv, en = (", ".join(f"{name} (0 {of} 10)" for name in SCHOOLS[:named]) for of in ("av", "of"))
    tail = (f" och {more} till", f" and {more} more") if more else ("", "")
    assert sentence(said, "sv") == f"Alla är inte nådda; kvar: {sv}{tail[0]}."
    assert sentence(said, "en") == f"Not everybody has been reached; left: {en}{tail[1]}."


def test_what_is_missing_in_one_line_is_parted_by_semicolons_and_of_nothing_nothing_is_said() -> None:
    obligation, found = lacking(2)
    assert phrase(missing_of(obligation, found.tally)) == Label(
        "läsåret 2025/26: 0 av 20; Askolan: 0 av 10; Bskolan: 0 av 10",
        "the school year 2025/26: 0 of 20; Askolan: 0 of 10; Bskolan: 0 of 10",
    )
    assert phrase(()) is None


def test_schools_stand_after_everything_else_that_is_missing() -> None:
    unit, other = (Missing(code, "", 0, 1, (), Label(code, code)) for code in ("unit", "partner"))
    assert [each.sv for each in texts((unit, other))] == ["partner", "unit"]


def test_without_a_baseline_the_baseline_is_what_is_missing() -> None:
    obligation, _ = lacking(1)
    found = evaluate(obligation, holding(obligation, "2025-10-01"), Evidence(), moment("2025-10-01"), "internal")
    text = Label(
        "underlag: hur många det gäller läsåret 2025/26", "baseline: how many there are in the school year 2025/26"
    )
    expected = (Missing("baseline", "", 0, 1, (), text),)
    [need] = found.tally.deadlines
    assert (missing_of(obligation, found.tally), missing(obligation, need)) == (expected, expected)


def missing_in(obligation: Obligation, day: str, *reports: Report) -> list[Missing]:
    found = evaluate(obligation, holding(obligation, day), Evidence(reports), moment(day), "internal")
    return list(missing_of(obligation, found.tally))


def test_a_total_above_the_seasons_is_missing_as_a_total_and_without_seasons_as_the_period() -> None:
    more, plain = promised(occasions(3, slots=[SPRING, AUTUMN])), promised(occasions(2))
    assert [item.code for item in missing_in(more, "2026-02-01")] == ["slot", "slot", "total"]
    [whole] = missing_in(plain, "2026-02-01")
    assert (whole.code, whole.text) == ("period", Label("året 2026: 0 av 2", "the year 2026: 0 of 2"))


def test_the_themes_that_would_fill_a_season_are_said_in_words_and_joined_by_whether_all_are_asked_for() -> None:
    either = promised(occasions(1, slots=[AUTUMN]))
    every = promised(occasions(1, slots=[AUTUMN | {"match": operators("all")}]))
    shown = [missing_in(each, "2026-02-01")[0].text for each in (either, every)]
    assert shown == [
        Label("höstens insats (lighting eller reflector)", "the autumn operation (lighting or reflector)"),
        Label("höstens insats (lighting och reflector)", "the autumn operation (lighting and reflector)"),
    ]


def test_where_only_a_theme_is_left_it_is_said_in_one_sentence_and_no_number_contradicts_it() -> None:
    it = promised(occasions(2, slots=[AUTUMN | {"match": operators("all"), "count": leaflet(2)}]))
    lighting = [report(f"2026-10-0{n}", themes=frozenset({"lighting"})) for n in (1, 2, 3)]
    open_, closed = (stand(it, day, *lighting) for day in ("2026-11-10", "2026-12-01"))
    for language, said, was in (
        (
            "sv",
            "Höstens insats: reflector återstår. Sista dag är 30 november, om 14 arbetsdagar.",
            "Höstens insats: reflector saknas. Sista dag var 30 november.",
        ),
        (
            "en",
            "The autumn operation: still without reflector. The last day is 30 November, in 14 working days.",
            "The autumn operation: without reflector. The last day was 30 November.",
        ),
    ):
        assert [reason[language] for reason in open_["reasons"]][:1] == [said]
        assert [reason[language] for reason in closed["reasons"]][:1] == [was]
    for found in (open_, closed):
        [item] = found["missing"]
        assert (item["count"], item["need"], item["sv"]) == (1, 2, "höstens insats (reflector)")
    [item] = stand(it, "2026-11-10", lighting[0])["missing"]
    assert (item["count"], item["need"], item["sv"]) == (1, 2, "höstens insats (reflector): 1 av 2")


def test_a_missing_partner_is_named_and_two_who_reported_apart_are_not_missing() -> None:
    alone, other = (report("2026-10-01", who, themes=REFLECTOR) for who in (POLICE, TOWN))
    [partner] = [item for item in missing_in(SEASONS, "2026-11-10", alone) if item.code == "partner"]
    assert (partner.of, partner.text) == (
        TOWN,
        Label(f"rapport eller bekräftelse från {TOWN}", f"a report or confirmation by {TOWN}"),
    )
    assert "partner" not in [item.code for item in missing_in(SEASONS, "2026-11-10", alone, other)]


def test_a_missing_school_tells_how_many_it_has_and_needs() -> None:
    obligation, found = lacking(2)
    shown = [(item.of, item.count, item.need) for item in missing_of(obligation, found.tally) if item.code == "unit"]
    assert shown == [("Askolan", 0, 10), ("Bskolan", 0, 10)]


SPRINGS: dict[str, str | int] = {"name_sv": "vårens insats", "name_en": "the spring operation"}


@pytest.mark.parametrize(
    ("count", "need", "sv"),
    [
        (1, 1, "Klart: vårens insats."),
        (2, 1, "Klart: vårens insats, 2 där målet är 1."),
        (2, 2, "Klart: vårens insats, 2 av 2."),
        (3, 2, "Klart: vårens insats, 3 där målet är 2."),
    ],
)
def test_what_is_done_is_said_of_one_of_several_and_of_more_than_was_asked_for(count: int, need: int, sv: str) -> None:
    assert sentence(Reason("slot_met", SPRINGS | {"count": count, "need": need}), "sv") == sv


@pytest.mark.parametrize(
    ("today", "sv", "en"),
    [
        (None, "Sista dag är 31 maj.", "The last day is 31 May."),
        ("2026-05-28", "Sista dag är 31 maj, om 1 arbetsdag.", "The last day is 31 May, in 1 working day."),
        (
            "2026-05-30",
            "Sista dag är 31 maj, och ingen arbetsdag återstår.",
            "The last day is 31 May, and no working day is left.",
        ),
    ],
)
def test_a_last_day_on_a_sunday_says_what_is_left_of_the_working_days(today: str | None, sv: str, en: str) -> None:
    said = Reason("slot_missing", SPRINGS | {"count": 0, "need": 1, "last_day": "2026-05-31"})
    day = date.fromisoformat(today) if today else None
    assert sentence(said, "sv", day) == f"Vårens insats saknas. {sv}"
    assert sentence(said, "en", day) == f"The spring operation is missing. {en}"


def test_a_reason_kept_by_the_first_release_names_its_period_by_id() -> None:
    old = Reason("no_baseline", {"period": "2025/26"})
    assert sentence(old, "sv") == "Kan inte bedömas: ingen har rapporterat hur många det gäller 2025/26."
    assert sentence(old, "en") == "Cannot be assessed: nobody has reported how many there are in 2025/26."


def test_words_are_listed_with_one_and_before_the_last() -> None:
    three = [Label(sv, en) for sv, en in (("ett", "one"), ("två", "two"), ("tre", "three"))]
    assert [labels_listed(three[:n]).sv for n in (0, 1, 2, 3)] == ["", "ett", "ett och två", "ett, två och tre"]
    assert (labels_listed(three).en, labels_listed(three, OR).en) == ("one, two and three", "one, two or three")


def test_every_reason_of_a_year_has_a_sentence_in_both_languages_without_a_gap() -> None:
    told = [
        report("2026-07-01", confirmed_by=frozenset({TOWN})),
        report("2026-10-01", themes=REFLECTOR),
        report("2026-10-01", TOWN, themes=REFLECTOR),
        report("2026-11-20", themes=REFLECTOR, status="planned", recorded_at=moment("2026-01-02")),
    ]
    for day in ("2026-01-01", "2026-03-01", "2026-06-01", "2026-11-10", "2027-01-01", "2027-01-15"):
        for said in stand(SEASONS, day, *told)["reasons"]:
            for language in ("sv", "en"):
                text = said[language]
                assert text[0].isupper() or text[0].isdigit(), text
                assert text.endswith(".")
                assert "{" not in text


@pytest.mark.parametrize(
    ("first_day", "valid", "sv", "en"),
    [
        ("10-01", ("2026-10-01", "2029-09-30"), "Löftesåret 2026/27: 1 av 2", "The promise year 2026/27: 1 of 2"),
        ("10-15", ("2020-10-15", "2021-10-14"), "Löftesåret 2020/21: 1 av 2", "The promise year 2020/21: 1 of 2"),
        ("01-01", ("2026-01-01", "2026-12-31"), "Löftesåret 2026: 1 av 2", "The promise year 2026: 1 of 2"),
    ],
)
def test_a_year_that_begins_on_any_day_is_called_by_its_years_in_every_sentence_and_in_what_is_missing(
    first_day: str, valid: tuple[str, str], sv: str, en: str
) -> None:
    obligation = promised(occasions(2), period={"first_day": first_day}, valid=valid)
    found = stand(obligation, valid[0], report(valid[0]))
    [said], [told] = sentences(found, "period_missing"), sentences(found, "period_missing", "en")
    assert (said.startswith(sv), told.startswith(en)) == (True, True), (said, told)
    assert all("löftesåret" in each["sv"].lower() for each in found["missing"]), found["missing"]


@pytest.mark.parametrize(
    ("period", "valid", "sv", "en"),
    [
        ("year", "2026-04-01", "Året 2026 följs upp från 1 april.", "The year 2026 is followed up from 1 April."),
        (
            "month",
            "2026-01-20",
            "Januari 2026 följs upp från 20 januari.",
            "January 2026 is followed up from 20 January.",
        ),
        ("year", "2026-01-01", "Året 2026 följs upp från 1 januari.", "The year 2026 is followed up from 1 January."),
    ],
)
def test_a_promise_made_within_a_period_does_not_say_that_the_period_begins_then(
    period: str, valid: str, sv: str, en: str
) -> None:
    found = stand(promised(occasions(2), period=period, valid=(valid, "2026-12-31")), "2025-12-20")
    assert sentences(found, "period_not_started") == [sv]
    assert sentences(found, "period_not_started", "en") == [en]


def test_a_focus_is_followed_up_from_a_day_and_not_done_from_it() -> None:
    rule = {"kind": "cadence", "count": operators(1), "each_of": leaflet(["prevention", "early_detection"])}
    found = stand(promised(rule, period="tertial"), "2025-12-20")
    assert sentences(found, "focus_not_started")[0] == "Prevention följs upp från 1 januari."
    assert sentences(found, "focus_not_started", "en")[0] == "Prevention is followed up from 1 January."


def test_what_a_coverage_counts_by_need_not_be_schools() -> None:
    rule = {"kind": "coverage", "percent": operators(95)}
    rule |= {"quantity": leaflet("pupils_offered"), "baseline": operators("pupils_enrolled")}
    homes = promised(rule, period="year")
    told = report("2026-02-01", quantities=(("pupils_offered", 5),))
    whole, units = Baseline(1, moment("2026-01-02"), 50), Baseline(1, moment("2026-01-02"), 50, (("Solgården", 50),))
    found = stand(homes, "2026-03-01", told, baselines=[whole])
    assert sentences(found, "not_by_unit") == ["Underlaget är inte uppdelat på enheter, till exempel skolor."]
    assert sentences(found, "not_by_unit", "en") == ["The baseline is not broken down by unit, by school for example."]
    found = stand(homes, "2026-03-01", told, baselines=[units])
    assert sentences(found, "unknown_units") == ["En rapport anger ingen av underlagets enheter och räknas inte."]


@pytest.mark.parametrize(
    ("rule", "sv"),
    [
        ({"kind": "cadence", "count": operators(1)}, "målet, 1 per period, är satt"),
        ({"kind": "occasions", "count": operators(2)}, "målet, 2 per period, är satt"),
    ],
)
def test_what_an_operator_set_is_a_goal_for_a_period(rule: dict[str, object], sv: str) -> None:
    [said] = sentences(stand(promised(rule), "2026-03-01"), "operators_number")
    assert said == f"Löftet anger inget antal; {sv} av dem som följer upp det."
