"""What a schema cannot say: quotes are printed in the leaflet, names are known, windows lie in their periods."""

import hashlib
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from chassis.remedies import Place, hint
from chassis.sources import Source, SourceError, read, validated

from promises.catalogue.model import Catalogue, ObligationEntry, Organisations
from promises.catalogue.versions import misfits
from promises.domain.parameters import spoken

Complaint = tuple[Place, str]
_JOINED = re.compile(r"[-\u2010\u2011\u00ad]\s*\n\s*")
_WORD = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


def checked(path: Path) -> tuple[Catalogue, Organisations]:
    """A catalogue file and its organisations, wholly right.

    Raises:
        SourceError: anything in them is wrong.
    """
    return judged(read(path))


def judged(source: Source) -> tuple[Catalogue, Organisations]:
    """The same of a file as it was read; its organisations and its leaflet lie beside it.

    Raises:
        SourceError: anything in them is wrong.
    """
    folder = source.path.parent
    catalogue = validated(source, Catalogue)
    organisations = validated(read(folder / catalogue.organisations), Organisations)
    complaints = [*_leaflet(catalogue, folder), *_names(catalogue, organisations), *misfits(catalogue)]
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
    known = {entry.id: entry.kind for entry in organisations.organisations}
    below = {entry.id for _, entry in _obligations(catalogue) if not entry.rule.shows}
    for place, entry in _obligations(catalogue):
        for word in ("owners", "may_report"):
            yield from _listed((*place, word), getattr(entry, word), known, "organisation")
        yield from _listed((*place, "audiences"), entry.audiences, catalogue.vocabulary, "audience")
        allowed: dict[str, Collection[str]] = {
            "theme": catalogue.vocabulary,
            "audience": catalogue.vocabulary,
            "kind of organisation": {known[owner] for owner in entry.owners if owner in known},
            "obligation": below,
        }
        for where, sort, words in spoken(entry.rule):
            if not words:
                yield (*place, "rule", *where), f"names no {sort}; name at least one"
            elif sort in allowed:
                yield from _listed((*place, "rule", *where), words, allowed[sort], sort)
            elif not all(_WORD.fullmatch(word) for word in words):
                yield (*place, "rule", *where), "write a word in small letters, as pupils_offered"


def _listed(place: Place, names: tuple[str, ...], known: Collection[str], what: str) -> Iterator[Complaint]:
    """Each name is a known one, and is there once."""
    for n, name in enumerate(names):
        if name in names[:n]:
            yield (*place, n), f"{name!r} is named twice; name it once"
        if name not in known:
            yield (*place, n), f"unknown {what} {name!r}; {hint(name, known)}"
