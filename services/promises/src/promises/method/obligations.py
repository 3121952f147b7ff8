"""The obligations of a catalogue as the page shows them: every parameter with its value and where it comes from."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from promises.catalogue.check import checked
from promises.catalogue.model import Catalogue, ObligationEntry, PromiseEntry
from promises.domain.label import Label, Language, listed
from promises.domain.parameters import YearlyWindow, walk
from promises.domain.sentences import english_day, swedish_day

BASIS = {"leaflet": Label("foldern", "leaflet"), "operator": Label("uppföljningen", "follow-up")}
HEADING = Label("Åtagandena i {name}", "The obligations in {name}")
ABOUT = Label(
    "Så här följs varje åtagande upp nu. Uppgifter från *foldern* är tryckta; uppgifter från *uppföljningen* är satta "
    "av dem som följer upp löftet och kan ändras. Varje påminnelse och varje omdöme bygger på dem.",
    "This is how every obligation is followed up now. Parameters from the *leaflet* are printed; those from the "
    "*follow-up* are set by those who follow the promise up, and may change. "
    "Every reminder and every verdict rests on them.",
)
HEADS = Label(
    "| uppgift | värde | varifrån |\n| --- | --- | --- |", "| parameter | value | from |\n| --- | --- | --- |"
)
PERIODS = {
    "month": Label("månad", "month"),
    "quarter": Label("kvartal", "quarter"),
    "tertial": Label("tertial", "tertial"),
    "year": Label("kalenderår", "calendar year"),
    "school_year": Label("läsår (juli–juni)", "school year (July–June)"),
    "custom_year": Label("år från {first_day}", "year from {first_day}"),
}
VALUES = {
    "any": Label("en räcker", "one is enough"),
    "all": Label("alla krävs", "all are needed"),
    "police": Label("polisen", "the police"),
    "municipality": Label("kommunen", "the municipality"),
    "campaign": Label("kampanj", "campaign"),
    "contact": Label("kontakt", "contact"),
}
GENERAL = {
    "validity": Label("gäller (`validity`)", "valid (`validity`)"),
    "period": Label("period (`period`)", "period (`period`)"),
    "grace": Label("tid för sen rapportering, dagar (`grace_days`)", "time for late reports, days (`grace_days`)"),
    "visibility": Label("synlighet (`visibility`)", "visibility (`visibility`)"),
}
LEAP_YEAR = 2024
YES = Label("ja", "yes"), Label("nej", "no")


def obligations(file: Path, language: Language) -> str:
    """A section with a table for each obligation."""
    catalogue, _ = checked(file)
    parts = [f"### {HEADING[language].format(name=catalogue.name)}", ABOUT[language]]
    for promise in catalogue.promises:
        for entry in promise.obligations:
            rows = [f"| {' | '.join(row)} |" for row in _rows(catalogue, promise, entry, language)]
            title = f"**{entry.title[language]}** (`{entry.id}`, `{entry.rule.kind}`)"
            parts += [title, f"> {promise.quote}", "\n".join([HEADS[language], *rows])]
    return "\n\n".join(parts) + "\n"


def _rows(
    catalogue: Catalogue, promise: PromiseEntry, entry: ObligationEntry, language: Language
) -> Iterator[tuple[str, str, str]]:
    validity = entry.validity or promise.validity
    period = PERIODS[entry.period.value][language].format(first_day=entry.period.first_day)
    yield GENERAL["validity"][language], f"{validity.first} – {validity.last}", BASIS[validity.basis][language]
    yield GENERAL["period"][language], period, BASIS[entry.period.basis][language]
    if entry.rule.kind != "umbrella":
        yield GENERAL["grace"][language], str(entry.grace_days.value), BASIS[entry.grace_days.basis][language]
    if entry.visibility:
        yield GENERAL["visibility"][language], f"`{entry.visibility.value}`", BASIS[entry.visibility.basis][language]
    for place, part, given in walk(entry.rule):
        name = f"{part.MEANS[place[-1]][language]} (`{place[-1]}`)"
        if len(place) > 1:
            name = f"{part.name[language]}: {name}"
        yield name, _value(catalogue, given, language), BASIS[given.basis][language]


def _day(written: str, language: Language) -> str:
    write = swedish_day if language == "sv" else english_day
    return write(date.fromisoformat(f"{LEAP_YEAR}-{written}"))


def _value(catalogue: Catalogue, given: Any, language: Language) -> str:  # noqa: ANN401 - any parameter
    if isinstance(given, YearlyWindow):
        return f"{_day(given.first, language)} – {_day(given.last, language)}"
    if isinstance(given.value, bool):
        return YES[not given.value][language]
    many = given.value if isinstance(given.value, tuple) else (given.value,)
    titles = {entry.id: entry.title for promise in catalogue.promises for entry in promise.obligations}
    words = VALUES | titles | catalogue.vocabulary
    return listed([words[each][language] if each in words else str(each) for each in many], ",").replace(" , ", ", ")
