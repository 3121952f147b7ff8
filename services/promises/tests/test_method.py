"""The method page: whatever the system can say is explained there."""

from dataclasses import fields
from typing import get_args

import pytest
from promises.domain.label import Language
from promises.domain.rules import Rule, Slot
from promises.domain.sentences import SENTENCES
from promises.domain.standing import Pace, Phase, SlotState, Verdict
from promises.domain.words import PACES, PHASES, SLOTS, VERDICTS
from promises.method.__main__ import FILE
from promises.method.examples import sentences
from promises.method.page import page

from services.promises.tests.driving import CATALOGUE

LANGUAGES = get_args(Language)


def test_every_word_of_a_standing_has_a_meaning() -> None:
    said = ((PHASES, Phase), (VERDICTS, Verdict), (PACES, Pace), (SLOTS, SlotState))
    for words, kind in said:
        assert set(words) == set(get_args(kind))


@pytest.mark.parametrize("part", [*get_args(Rule), Slot])
def test_every_parameter_of_every_rule_is_explained(part: type) -> None:
    assert set(part.MEANS) == {each.name for each in fields(part)} - {"kind", "id"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_an_example_of_its_own(language: Language) -> None:
    shown = sentences(language)
    assert len(shown) == len(set(shown)) == len(SENTENCES)
    assert not [text for _, text in shown if "{" in text or "None" in text or ".." in text]


def test_the_page_is_what_the_rules_say_now() -> None:
    assert FILE.read_text(encoding="utf-8") == page(CATALOGUE)


def test_both_languages_have_the_same_sections() -> None:
    swedish, english = page(CATALOGUE).split("## In English")
    assert swedish.count("\n### ") == english.count("\n### ")
    assert swedish.count("\n| ") == english.count("\n| ")


@pytest.mark.parametrize(
    ("reading", "sv", "en"),
    [
        ("8", "En täckningsrapport säger vilken period den gäller", "A coverage report names the period it is about"),
        ("9", "det minsta av två andelar", "the lesser of two shares"),
        ("9 rounds down", "avrundas nedåt", "rounded down"),
        ("11", "aldrig för att någon annan säger det", "never by another's word"),
        ("any/all", "kan flera tillfällen nå dem tillsammans", "several occasions may reach them together"),
        ("12 the key's day", "högst tre dagar från", "within three days of"),
        ("12 merging", "det största antalet", "the largest number"),
        ("14", "En bekräftelse gäller också efter en rättelse, om inte", "A confirmation survives a correction unless"),
        ("17", "i framtiden", "in the future"),
        ("17 negative", "negativa antal", "negative numbers"),
        (
            "18",
            "räknas från den sista arbetsdagen på eller före sista dagen",
            "are counted from the last working day on",
        ),
        ("19", "första dagen plus halva antalet dagar", "the first day plus half the number of days"),
        ("21", "Chefer får bara de sista", "Managers get only the last"),
        ("27", "ett antal som står i foldern", "a number that is in the leaflet"),
    ],
)
def test_what_a_reader_needs_to_work_a_standing_out_is_on_the_page(reading: str, sv: str, en: str) -> None:
    swedish, english = (" ".join(half.split()) for half in page(CATALOGUE).split("## In English"))
    assert (sv in swedish, en in english) == (True, True), reading
