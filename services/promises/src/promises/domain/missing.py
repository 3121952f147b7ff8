"""What is missing, said as a list: one item for every need that is not met."""

from collections.abc import Iterable, Sequence

from promises.domain.obligation import Label, Obligation
from promises.domain.tally import Need, Tally

NAMED = 5


def missing_of(obligation: Obligation, tally: Tally) -> tuple[Label, ...]:
    """What is missing for the period, in the order of the slots."""
    return tuple(missing(obligation, need) for need in tally.deadlines if not need.met)


def missing(obligation: Obligation, need: Need) -> Label:
    """One unmet need: what, about what, and how much is there where more than one is asked for."""
    there = (f": {need.count} av {need.need}", f": {need.count} of {need.need}") if need.need > 1 else ("", "")
    return Label(
        f"{need.name.sv}{_about(obligation, need, 'sv')}{there[0]}{units_of(need, 'kvar', 'av')}",
        f"{need.name.en}{_about(obligation, need, 'en')}{there[1]}{units_of(need, 'left', 'of')}",
    )


def units_of(need: Need, left: str, of: str) -> str:
    """The units that lack something, at most five of them by name."""
    if not need.short:
        return ""
    named = [f"{unit} ({there} {of} {size})" for unit, there, size in need.short[:NAMED]]
    more = [f"+{len(need.short) - NAMED}"] if len(need.short) > NAMED else []
    return f"; {left}: {', '.join([*named, *more])}"


def _about(obligation: Obligation, need: Need, language: str) -> str:
    if not need.themes:
        return ""
    words = [_say(obligation.words.get(theme, Label(theme, theme)), language) for theme in need.themes]
    joints = {"sv": {"any": "eller", "all": "och"}, "en": {"any": "or", "all": "and"}}
    return f" ({_joined(words, joints[language][need.match])})"


def _joined(words: Sequence[str], last: str) -> str:
    return " ".join([*_commas(words[:-2]), f" {last} ".join(words[-2:])])


def _commas(words: Iterable[str]) -> Iterable[str]:
    return (f"{word}," for word in words)


def _say(label: Label, language: str) -> str:
    return label.sv if language == "sv" else label.en
