"""What a load of a catalogue would change: the catalogue itself, and the standings of today; nothing is written."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.database import Connection, Database

from promises import document
from promises.application.ask import Question, Sight, snapshot
from promises.application.recount import begun, recount
from promises.catalogue import mapping
from promises.catalogue.diff import Difference, diff
from promises.catalogue.model import Catalogue, Organisations
from promises.store import catalogues

COMPARED = ("phase", "verdict", "pace", "at_risk", "overdue", "counted", "need", "progress")
Shown = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """A standing that would change: `old` and `new` hold what differs, None where there is or would be no standing."""

    obligation: str
    period: str
    old: Shown | None
    new: Shown | None


@dataclass(frozen=True, slots=True)
class Preview:
    """`revision` is the one in force, 0 before the first; standings are the internal ones of begun periods."""

    revision: int
    differences: tuple[Difference, ...]
    standings: tuple[Turn, ...]


async def preview(database: Database, catalogue: Catalogue, organisations: Organisations, now: datetime) -> Preview:
    """Compare a checked catalogue with the one in force, and judge today's evidence by both."""
    after = mapping.document(catalogue, organisations)
    async with snapshot(database) as sql:
        stored = await catalogues.latest(sql, catalogue.municipality)
        old = await _standings(sql, stored.document, now) if stored else {}
        new = await _standings(sql, after, now)
    found = diff(stored.document if stored else None, after)
    return Preview(stored.revision if stored else 0, tuple(found), tuple(_turns(old, new)))


async def _standings(sql: Connection, stored: dict[str, Any], now: datetime) -> dict[tuple[str, str], Shown]:
    seen = Sight(Question(stored["catalogue"]["municipality"], "", "internal", now), sql, 0, stored)
    cases = [case for each in seen.promised.obligations.values() for case in begun(each, now)]
    judged = await recount(seen, cases, now)
    return {(each.id, found.period.id): json.loads(document.standing(each, found)) for each, found in judged}


def _turns(old: Mapping[tuple[str, str], Shown], new: Mapping[tuple[str, str], Shown]) -> Iterator[Turn]:
    for place in dict.fromkeys((*old, *new)):
        was, becomes = old.get(place), new.get(place)
        if was is None or becomes is None:
            yield Turn(*place, _compared(was), _compared(becomes))
        elif differing := [name for name in COMPARED if was[name] != becomes[name]]:
            yield Turn(*place, {name: was[name] for name in differing}, {name: becomes[name] for name in differing})


def _compared(found: Shown | None) -> Shown | None:
    return found and {name: found[name] for name in COMPARED}
