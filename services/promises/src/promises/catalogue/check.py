"""What a schema cannot say: quotes are printed in the leaflet, names are known, windows lie in their periods."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from chassis.sources import Place, SourceError, read, validated

from promises.catalogue.model import Catalogue, ObligationEntry, OccasionsEntry, Organisations, RuleEntry
from promises.domain.calendar import MonthDay, Window

Complaint = tuple[Place, str]
_JOINED = re.compile(r"[-\u2010\u2011\u00ad]\s*\n\s*")


def checked(path: Path) -> tuple[Catalogue, Organisations]:
    """A catalogue file and its organisations, wholly right.

    Raises:
        SourceError: anything in them is wrong.
    """
    source = read(path)
    catalogue = validated(source, Catalogue)
    organisations = validated(read(path.parent / catalogue.organisations), Organisations)
    complaints = [*_leaflet(catalogue, path.parent), *_names(catalogue, organisations), *_windows(catalogue)]
    if complaints:
        raise SourceError([source.complaint(place, reason) for place, reason in complaints])
    return catalogue, organisations


def printed(text: str) -> str:
    """A text as one line: line-break hyphens joined, white space collapsed."""
    return " ".join(_JOINED.sub("", text).split())


def _leaflet(catalogue: Catalogue, folder: Path) -> Iterator[Complaint]:
    try:
        content = (folder / catalogue.leaflet.file).read_bytes()
    except OSError as error:
        yield ("leaflet", "file"), f"the leaflet cannot be read: {error.strerror}"
        return
    found = hashlib.sha256(content).hexdigest()
    if found != catalogue.leaflet.sha256:
        yield ("leaflet", "sha256"), f"the leaflet's SHA-256 is {found}; it was changed, or another one is meant"
    text = printed(content.decode("utf-8", "replace"))
    for n, promise in enumerate(catalogue.promises):
        for word in ("heading", "quote"):
            if printed(getattr(promise, word)) not in text:
                yield ("promises", n, word), f"the {word} is not printed in {catalogue.leaflet.file}"


def _obligations(catalogue: Catalogue) -> Iterator[tuple[Place, ObligationEntry]]:
    for n, promise in enumerate(catalogue.promises):
        for m, obligation in enumerate(promise.obligations):
            yield ("promises", n, "obligations", m), obligation


def _names(catalogue: Catalogue, organisations: Organisations) -> Iterator[Complaint]:
    yield from _twice([(("promises", n), p.id) for n, p in enumerate(catalogue.promises)])
    yield from _twice([(place, entry.id) for place, entry in _obligations(catalogue)])
    known = {entry.id: entry.kind for entry in organisations.organisations}
    ids = {entry.id for _, entry in _obligations(catalogue)}
    for place, entry in _obligations(catalogue):
        for word in ("owners", "may_report"):
            yield from _unknown((*place, word), getattr(entry, word), known, "organisation")
        yield from _unknown((*place, "audiences"), entry.audiences, catalogue.vocabulary, "audience")
        kinds = {known[owner] for owner in entry.owners if owner in known}
        for where, what, values in _words(entry.rule):
            allowed = {"theme": catalogue.vocabulary, "kind of organisation": kinds, "obligation": ids}[what]
            yield from _unknown((*place, "rule", *where), values, allowed, what)


def _words(rule: RuleEntry) -> Iterator[tuple[Place, str, tuple[str, ...]]]:
    if rule.kind == "occasions":
        yield from ((("slots", n, "themes", "value"), "theme", slot.themes.value) for n, slot in enumerate(rule.slots))
        if rule.taking_part:
            yield ("taking_part", "value"), "kind of organisation", rule.taking_part.value
    elif rule.kind == "cadence" and rule.each_of:
        yield ("each_of", "value"), "theme", rule.each_of.value
    elif rule.kind == "umbrella":
        yield ("children", "value"), "obligation", rule.children.value


def _unknown(place: Place, names: tuple[str, ...], known: object, what: str) -> Iterator[Complaint]:
    allowed = sorted(known) if isinstance(known, dict | set) else []
    for n, name in enumerate(names):
        if name not in allowed:
            near = get_close_matches(name, allowed, n=3)
            hint = f"; near: {', '.join(near)}" if near else f"; known: {', '.join(allowed)}"
            yield (*place, n), f"unknown {what} {name!r}{hint}"


def _twice(entries: list[tuple[Place, str]]) -> Iterator[Complaint]:
    seen: set[str] = set()
    for place, name in entries:
        if name in seen:
            yield (*place, "id"), f"{name!r} is given twice"
        seen.add(name)


def _windows(catalogue: Catalogue) -> Iterator[Complaint]:
    for n, promise in enumerate(catalogue.promises):
        if promise.validity.last < promise.validity.first:
            yield ("promises", n, "validity", "to"), "lies before `from`"
    for place, entry in _obligations(catalogue):
        if entry.validity and entry.validity.last < entry.validity.first:
            yield (*place, "validity", "to"), "lies before `from`"
        if isinstance(entry.rule, OccasionsEntry):
            yield from _slots(place, entry, entry.rule)


def _slots(place: Place, entry: ObligationEntry, rule: OccasionsEntry) -> Iterator[Complaint]:
    yield from _twice([((*place, "rule", "slots", n), slot.id) for n, slot in enumerate(rule.slots)])
    for n, slot in enumerate(rule.slots):
        where = (*place, "rule", "slots", n, "window")
        if entry.period.value not in {"year", "school_year"}:
            yield where, "slots are parts of a year; the period must be year or school_year"
        elif not _ordered(entry.period.value, slot.window.first, slot.window.last):
            yield where, "the window ends before it begins within its period"


def _ordered(kind: str, first: str, last: str) -> bool:
    period = Window(date(2023, 7, 1), date(2024, 6, 30)) if kind == "school_year" else _YEAR
    try:
        return month_day(first).within(period) <= month_day(last).within(period)
    except ValueError:
        return False


_YEAR = Window(date(2024, 1, 1), date(2024, 12, 31))


def month_day(text: str) -> MonthDay:
    """`"03-01"` as a day of every year."""
    month, day = text.split("-")
    return MonthDay(int(month), int(day))
