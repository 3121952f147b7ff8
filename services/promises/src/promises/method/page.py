"""docs/method.md as text: prose beside this file, and in it what rules, reasons and the figure say themselves."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from promises.domain.assessments import REASONS
from promises.domain.figures import BUCKETS, DECIDED, PERCENT_FROM
from promises.domain.label import Label, Language, labels_listed
from promises.domain.reminders import FORGOTTEN_AFTER
from promises.domain.rules import KINDS, Slot
from promises.domain.sentences import english_day, swedish_day
from promises.domain.words import PACES, PHASES, SLOTS, VERDICTS, Meaning
from promises.method.examples import TODAY, sentences
from promises.method.obligations import obligations

HERE = Path(__file__).parent
HEAD = """# Så kommer ett besked till / How a standing comes about

*Den här sidan görs av samma regler och meningar som systemet räknar och svarar med (`make generate`).
This page is made from the same rules and sentences that the system counts and answers with.*
"""
HEADINGS = {
    "word": Label("ord", "word"),
    "called": Label("kallas", "called"),
    "means": Label("betyder", "means"),
    "parameter": Label("uppgift", "parameter"),
    "reason": Label("skäl", "reason"),
    "example": Label("exempel", "example"),
}
WINDOW = Label("Vart och ett av fönstren (`slots`)", "Each of the windows (`slots`)")
NOT_PARAMETERS = {"kind", "id"}
BEFORE = ("20", "10", "1")


def page(catalogue: Path) -> str:
    """The whole page in both languages, with the obligations of a catalogue file.

    Raises:
        KeyError: a parameter, a code or a word has no text.
    """
    return "\n".join([HEAD, _half("sv", catalogue), _half("en", catalogue)])


def _half(language: Language, catalogue: Path) -> str:
    prose = (HERE / f"{language}.md").read_text(encoding="utf-8")
    write = swedish_day if language == "sv" else english_day
    decided = labels_listed([BUCKETS[each] for each in DECIDED])
    filled = prose.format(
        phases=_meanings(PHASES, language),
        verdicts=_meanings(VERDICTS, language),
        paces=_meanings(PACES, language),
        slots=_meanings(SLOTS, language),
        rules=_rules(language),
        rules_count=_number(len(KINDS), language),
        reasons=table(language, ("reason", "example"), sentences(language)),
        assessments=", ".join(f"{label[language]} (`{code}`)" for code, label in REASONS.items()),
        buckets=labels_listed(list(BUCKETS.values()))[language],
        buckets_count=_number(len(BUCKETS), language),
        decided=decided[language],
        ratio=Label("4 av 5", "4 of 5")[language],
        percent_from=_number(PERCENT_FROM, language),
        forgotten=FORGOTTEN_AFTER.days,
        before=labels_listed([Label(each, each) for each in BEFORE])[language],
        today=f"{write(TODAY)} {TODAY.year}",
    )
    return "\n".join([filled, obligations(catalogue, language)])


def _number(count: int, language: Language) -> str:
    words = {4: Label("fyra", "four"), 7: Label("sju", "seven"), 10: Label("tio", "ten")}
    return words[count][language] if count in words else str(count)


def table(language: Language, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table; headings are names of `HEADINGS`."""
    head = [HEADINGS[each][language] for each in headings]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def _meanings(words: Mapping[Any, Meaning], language: Language) -> str:
    rows = [(f"`{word}`", each.name[language], each.says[language]) for word, each in words.items()]
    return table(language, ("word", "called", "means"), [*rows])


def _rules(language: Language) -> str:
    parts = []
    for named, kind in KINDS.items():
        parts += [f"**`{named}`** – {kind.ABOUT[language]}", _parameters(kind, language)]
        if "slots" in kind.MEANS:
            parts += [f"{WINDOW[language]}:", _parameters(Slot, language)]
    return "\n\n".join(parts)


def _parameters(part: Any, language: Language) -> str:  # noqa: ANN401 - any dataclass of a rule
    named = [each.name for each in fields(part) if each.name not in NOT_PARAMETERS]
    return table(language, ("parameter", "means"), [(f"`{name}`", part.MEANS[name][language]) for name in named])
