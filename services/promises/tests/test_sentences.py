"""What people read of a standing: one clear sentence for each reason, and what is missing as a list."""

import pytest

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import leaflet, moment, occasions, promised, report, sentences, slot, stand

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
