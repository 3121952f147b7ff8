"""The words of a digest: what was promised, what is missing, until when, who is awaited and where to report."""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from notifications.domain.book import Book
from notifications.domain.letter import clean
from notifications.domain.phrases import IN, Phrases
from notifications.domain.recipient import Language
from notifications.domain.working_days import between

WIDTH = 76


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a mail says of a deadline, from its latest state; labels and what is missing by language."""

    municipality_name: str
    title: dict[Language, str]
    slot: dict[Language, str]
    quote: str
    missing: dict[Language, tuple[str, ...]]
    last_day: date
    awaited: tuple[str, ...]
    reported: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A deadline in a digest and the stage at which it is told."""

    deadline: Deadline
    stage: str
    late: bool


@dataclass(frozen=True, slots=True)
class Digest:
    """What a mailbox is told on a day."""

    name: str
    language: Language
    entries: Sequence[Entry]


def subject(digest: Digest, today: date) -> str:
    """How much time is left and for what, where there is one promise; how many there are, where several."""
    words = IN[digest.language]
    if len(digest.entries) > 1:
        return words.many_subject.substitute(count=len(digest.entries))
    deadline = digest.entries[0].deadline
    left, missing = _left(deadline.last_day, today, words), deadline.missing[digest.language]
    part = deadline.slot[digest.language] and len(missing) == 1
    what = clean(missing[0]) if part else _what(deadline, digest.language)
    return words.one_subject.substitute(left=left, what=what)


def body(digest: Digest, book: Book, today: date, link: str) -> str:
    """The whole text, plain, wrapped at 76 characters."""
    words = IN[digest.language]
    several = len(digest.entries) > 1
    opening = (words.many_opening if several else words.opening).substitute(count=len(digest.entries))
    blocks = [words.greeting.substitute(name=clean(digest.name)), opening]
    blocks += [
        "\n".join(_lines(entry, digest.language, lambda name: book.name(name, digest.language), today))
        for entry in digest.entries
    ]
    return "\n\n".join([*blocks, words.report.substitute(link=link), words.closing]) + "\n"


def written(day: date, words: Phrases) -> str:
    """A date as people write it in both languages: 30 november 2026, 30 November 2026."""
    return f"{day.day} {words.months[day.month - 1]} {day.year}"


def _what(deadline: Deadline, language: Language) -> str:
    """The slot and the title: the title alone would not say which season."""
    slot, title = clean(deadline.slot[language]), clean(deadline.title[language])
    return f"{slot}: {title}" if slot else title


def _lines(entry: Entry, language: Language, named: Callable[[str], str], today: date) -> Iterator[str]:
    deadline, words = entry.deadline, IN[language]
    heading = f"{clean(deadline.municipality_name)} – {_what(deadline, language)}"
    yield from _wrapped(heading)
    yield "-" * min(WIDTH, len(heading))
    opened, closed = words.quotes
    yield from _wrapped(f"{opened}{clean(deadline.quote)}{closed}")
    yield ""
    yield words.stages[entry.stage].substitute()
    if entry.late:
        yield words.late
    day = words.last_day.substitute(day=written(deadline.last_day, words))
    yield f"{day} ({_left(deadline.last_day, today, words)})."
    for item in deadline.missing[language]:
        yield from _wrapped(words.missing.substitute(what=clean(item)))
    if deadline.reported and deadline.awaited:
        who, awaited = (_joined(map(named, names), words) for names in (deadline.reported, deadline.awaited))
        apart = set(deadline.awaited) <= set(deadline.reported)
        yield from _wrapped((words.apart if apart else words.reported).substitute(who=who, awaited=awaited))


def _wrapped(text: str) -> list[str]:
    """Lines of 76 characters; no word is taken apart, so that a quote stays as it is printed."""
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _left(last_day: date, today: date, words: Phrases) -> str:
    if today > last_day:
        return words.passed.substitute()
    count = between(today, last_day)
    if count == 0:
        return words.last_chance.substitute()
    one, several = words.days_left
    return (one if count == 1 else several).substitute(count=count)


def _joined(names: Iterator[str], words: Phrases) -> str:
    *others, last = names
    return f"{', '.join(others)} {words.joint} {last}" if others else last
