"""What this service said: revisions, notices and deadlines taken back after a restore, so that none comes twice."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import TypeVar

from chassis.database import Connection, UnitOfWork
from chassis.past import DifferenceError, Say, own_topics
from chassis.records import Received, house
from contracts.model import Message
from contracts.promises import (
    EVENTS,
    DeadlineReminder,
    DeadlineState,
    PromiseState,
    PromiseStatusChanged,
    PromiseWithdrawn,
)

from promises.application import republish
from promises.application.load import publish, say
from promises.catalogue import mapping
from promises.catalogue.model import Catalogue
from promises.domain.calendar import first_day
from promises.store import catalogues, dirty, recovery
from promises.store.catalogues import Revision

Kind = TypeVar("Kind", bound=Message)


class Past:
    """Evidence is not taken back: the service reads it again from where its database stands."""

    topics = own_topics("promises")
    types = house(*EVENTS)
    inputs_first = False

    def __init__(self) -> None:
        self._promises: dict[tuple[str, str], PromiseState] = {}

    async def unknown(self, sql: Connection, said: Sequence[Received]) -> int:
        """How many of these words come after the last one known here."""
        bodies = [item.body for item in said]
        promises = await recovery.unknown_catalogues(sql, _only(bodies, PromiseState))
        standings = await recovery.unknown_standings(sql, _only(bodies, PromiseStatusChanged))
        return promises + standings + await recovery.unknown_deadlines(sql, _only(bodies, DeadlineState))

    async def take_back(self, work: UnitOfWork, said: Sequence[Received]) -> None:
        """Go on from what was said; a catalogue revision is only remembered, since its rules were never said."""
        for item in said:
            event = item.body
            if isinstance(event, PromiseState):
                self._promises[event.municipality, event.promise] = event
            elif isinstance(event, PromiseStatusChanged):
                await recovery.take_standing(work.sql, event, _provisional(event))
            elif isinstance(event, DeadlineState):
                await _take_deadline(work, event)

    async def conclude(self, work: UnitOfWork, now: datetime) -> list[str]:
        """Say the catalogue in force here under a revision of its own, and judge every obligation anew.

        Raises:
            DifferenceError: a municipality's catalogue was published, and this database has none.
        """
        said = [
            sentence
            for code in sorted({code for code, _ in self._promises})
            for sentence in await self._catalogue(work, code, now)
        ]
        await dirty.mark_all_days(work.sql, await recovery.names(work.sql))
        return [*said, "every obligation is judged anew at the next start"]

    async def _catalogue(self, work: UnitOfWork, municipality: str, now: datetime) -> list[str]:
        published = {p.promise: p for (code, _), p in self._promises.items() if code == municipality}
        last = max(promise.catalogue_revision for promise in published.values())
        await catalogues.lock(work.sql, municipality)
        known = await catalogues.latest(work.sql, municipality)
        if known is None:
            raise DifferenceError(
                f"revision {last} of the catalogue of {municipality} was published and none is here; "
                "load it with `python -m promises catalogue load FILE`, then recover again"
            )
        if known.revision >= last:
            return []
        new = Revision(last + 1, known.sha256, known.document)
        await catalogues.add(work.sql, municipality, new, now)
        publish(work, Catalogue.model_validate(known.document["catalogue"]), None, new.revision, now)
        kept = {promise["id"] for promise in known.document["catalogue"]["promises"]}
        for name in sorted(published.keys() - kept):
            if isinstance(published[name], PromiseWithdrawn):
                continue
            body = published[name].model_dump() | {"revision": new.revision, "catalogue_revision": new.revision}
            say(work, PromiseWithdrawn(**body), now)
        names = [(municipality, name) for name in mapping.promised(known.document).obligations]
        await dirty.mark_all_days(work.sql, names)
        lost = f"{known.revision + 1} to {last} of the catalogue of {municipality}"
        force = f"revision {known.revision} is in force again as {new.revision}"
        return [f"revisions {lost} are lost here; {force}, load a newer file if there was one"]

    async def facts(self, sql: Connection) -> AsyncIterator[Say]:
        """Catalogues, public standings, deadlines."""
        async for each in republish.everything(sql):
            yield each


async def _take_deadline(work: UnitOfWork, event: DeadlineState) -> None:
    stage = None
    if isinstance(event, DeadlineReminder):
        stage = event.stage
        await recovery.take_notice(work.sql, event)
    await recovery.take_deadline(work.sql, DeadlineState.read(event.model_dump()), stage)


def _provisional(event: PromiseStatusChanged) -> str:
    """A standing in a period not known here, until the evaluation at the next start replaces it."""
    day = first_day(event.period).isoformat()
    shown = event.model_dump(include={"period", "phase", "verdict", "pace", "at_risk", "overdue", "progress"})
    empty = {"counted": 0, "need": 0, "needs_assessment": 0, "partner_missing": 0, "next_date": None}
    lists: dict[str, list[str]] = {"slots": [], "missing": [], "reasons": []}
    return json.dumps(shown | empty | lists | {"first_day": day, "last_day": day, "recovered": True})


def _only(bodies: Sequence[Message], kind: type[Kind]) -> list[Kind]:
    return [body for body in bodies if isinstance(body, kind)]
