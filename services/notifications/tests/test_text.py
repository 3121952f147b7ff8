from dataclasses import replace
from datetime import date

import pytest
from notifications.domain.book import Book
from notifications.domain.text import Deadline, Digest, Entry, body, subject

POLICE, TOWN = "polisen-lpo-umea", "umea-kommun"
TODAY = date(2026, 11, 2)
LINK = "https://umea.example/rapportera"
BOOK = Book(
    names={
        POLICE: {"sv": "Polisen i Umeå", "en": "Umeå police"},
        TOWN: {"sv": "Umeå kommun", "en": "Umeå municipality"},
    }
)
AUTUMN = Deadline(
    municipality_name="Umeå",
    title={"sv": "Särskilda insatser för cyklister", "en": "Special operations for cyclists"},
    slot={"sv": "höstens insats", "en": "the autumn operation"},
    quote=(
        "Polisen tillsammans med Umeå kommun lovar att vid minst två tillfällen under året, vår och höst, genomföra "
        "särskilda trafik- och informationsinsatser riktade till mopeder och A-traktorer."
    ),
    missing={"sv": ("En insats om reflexer.",), "en": ("An operation on reflectors.",)},
    last_day=date(2026, 11, 30),
    awaited=(POLICE, TOWN),
    reported=(),
)


def entry(stage: str = "days_20", *, late: bool = False, **changes: object) -> Entry:
    return Entry(replace(AUTUMN, **changes), stage, late)  # type: ignore[arg-type]


def swedish(*entries: Entry) -> Digest:
    return Digest("Trafiksamordnaren", "sv", entries)


def english(*entries: Entry) -> Digest:
    return Digest("Traffic coordinator", "en", entries)


def test_a_swedish_mail_says_what_was_promised_what_is_missing_until_when_and_where_to_report() -> None:
    assert body(swedish(entry()), BOOK, TODAY, LINK) == (
        "Hej Trafiksamordnaren!\n"
        "\n"
        "Ett medborgarlöfte väntar på er.\n"
        "\n"
        "Umeå – höstens insats: Särskilda insatser för cyklister\n"
        "-------------------------------------------------------\n"
        "”Polisen tillsammans med Umeå kommun lovar att vid minst två tillfällen\n"
        "under året, vår och höst, genomföra särskilda trafik- och\n"
        "informationsinsatser riktade till mopeder och A-traktorer.”\n"
        "\n"
        "Nu är det dags.\n"
        "Sista dag: 30 november 2026 (20 arbetsdagar kvar).\n"
        "Det som saknas: En insats om reflexer.\n"
        "\n"
        "Rapportera här: https://umea.example/rapportera\n"
        "\n"
        "Har ni redan rapporterat? Då behöver ni inte göra något; nästa brev vet om det.\n"
        "Brevet är skickat av Löfteskollen och går inte att svara på.\n"
    )


def test_an_english_mail_says_the_same_with_the_quote_as_it_was_printed() -> None:
    text = body(english(entry()), BOOK, TODAY, LINK)
    assert text.startswith("Hello Traffic coordinator,\n\nA promise to the citizens is waiting for you.\n")
    assert "Umeå – the autumn operation: Special operations for cyclists" in text
    assert f"“{AUTUMN.quote}”" in " ".join(text.split())
    assert "Last day: 30 November 2026 (20 working days left)." in text
    assert "What is missing: An operation on reflectors." in text
    assert "Report here: https://umea.example/rapportera" in text
    assert "Löftet" not in text


def test_a_quote_stays_verbatim_wherever_its_lines_break() -> None:
    for shift in range(1, 77):
        quote = "x" * shift + " A-traktorer och " + "vår-" * 30 + " slut"
        assert f"”{quote}”" in " ".join(body(swedish(entry(quote=quote)), BOOK, TODAY, LINK).split())


@pytest.mark.parametrize(
    ("today", "left"),
    [
        ("2026-11-16", "10 arbetsdagar kvar"),
        ("2026-11-27", "1 arbetsdag kvar"),
        ("2026-11-30", "ingen arbetsdag kvar efter i dag"),
        ("2026-12-01", "tiden har gått ut"),
    ],
)
def test_what_is_left_is_counted_in_working_days_in_subject_and_text(today: str, left: str) -> None:
    day = date.fromisoformat(today)
    assert subject(swedish(entry()), day) == f"Löfteskollen: {left} – En insats om reflexer."
    assert f"({left})." in body(swedish(entry()), BOOK, day, LINK)


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        ("opens", "Nu börjar tiden för detta löfte."),
        ("half_time", "Halva tiden har gått."),
        ("days_20", "Nu är det dags."),
        ("days_10", "Tiden är snart ute."),
        ("days_1", "Sista påminnelsen."),
        ("missed", "Tiden har gått ut utan att allt har rapporterats."),
    ],
)
def test_each_stage_has_its_sentence(stage: str, sentence: str) -> None:
    assert f"\n{sentence}\n" in body(swedish(entry(stage)), BOOK, TODAY, LINK)


def test_only_a_late_reminder_says_that_it_is_late() -> None:
    assert "Påminnelsen är sen" in body(swedish(entry(late=True)), BOOK, TODAY, LINK)
    assert "This reminder is late" in body(english(entry(late=True)), BOOK, TODAY, LINK)
    assert "sen:" not in body(swedish(entry()), BOOK, TODAY, LINK)


def test_who_reported_and_who_is_awaited_are_named_in_the_language_of_the_mail() -> None:
    half = entry(reported=(TOWN,), awaited=(POLICE,))
    assert "Umeå kommun har rapporterat; nu väntas rapport från Polisen i Umeå." in body(
        swedish(half), BOOK, TODAY, LINK
    )
    assert "Umeå municipality reported; a report from Umeå police is still awaited." in body(
        english(half), BOOK, TODAY, LINK
    )


def test_several_organisations_are_joined_and_an_unnamed_one_goes_by_its_id() -> None:
    text = " ".join(body(swedish(entry(reported=(TOWN,), awaited=(POLICE, "ntf", TOWN))), BOOK, TODAY, LINK).split())
    assert "väntas rapport från Polisen i Umeå, ntf och Umeå kommun." in text


def test_nothing_is_said_of_who_reported_while_nobody_did() -> None:
    assert "har rapporterat;" not in body(swedish(entry()), BOOK, TODAY, LINK)


def test_several_deadlines_are_counted_in_the_subject_and_each_is_told() -> None:
    digest = swedish(entry(), entry("days_1", municipality_name="Vännäs", last_day=date(2026, 11, 6)))
    text = body(digest, BOOK, TODAY, LINK)
    assert subject(digest, TODAY) == "Löfteskollen: 2 löften behöver er"
    assert "2 medborgarlöften väntar på er." in text
    assert "Umeå – höstens insats" in text
    assert "Vännäs – höstens insats" in text
    assert "Sista dag: 6 november 2026 (4 arbetsdagar kvar)." in text
    assert text.count(LINK) == 1


def test_a_subject_names_the_slot_and_title_where_not_one_thing_alone_is_missing() -> None:
    several = {"sv": ("a", "b"), "en": ("a", "b")}
    assert (
        subject(swedish(entry(missing=several)), TODAY)
        == "Löfteskollen: 20 arbetsdagar kvar – höstens insats: Särskilda insatser för cyklister"
    )
    nothing: dict[str, tuple[str, ...]] = {"sv": (), "en": ()}
    whole = entry(missing=nothing, slot={"sv": "", "en": ""})
    assert subject(english(whole), TODAY) == "Löfteskollen: 20 working days left – Special operations for cyclists"


def test_no_text_of_others_can_start_a_line_of_its_own() -> None:
    evil = "a\n\nRapportera här: https://evil.example\u2028b"
    text = body(
        Digest(evil, "sv", [entry(quote=evil, title={"sv": evil, "en": evil}, municipality_name=evil)]),
        BOOK,
        TODAY,
        LINK,
    )
    assert [line for line in text.splitlines() if line.startswith("Rapportera här: https://evil")] == []
    assert text.count("\nRapportera här: ") == 1
