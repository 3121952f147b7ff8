"""First stage: activities become evidence and mark their obligations dirty; it knows no rules and looks nothing up."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from chassis.clock import Clock
from chassis.consuming import Received
from chassis.database import UnitOfWork
from chassis.dead_letters import DeadLetter
from contracts.activities import ActivityEvent

from chassis import dead_letters
from promises import document
from promises.store import evidence
from promises.store.evidence import Row


class Ingest:
    """Takes batches of the topic `activities`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def __call__(self, work: UnitOfWork, received: Sequence[Received]) -> None:
        """Write a batch; a revision that comes again with other content is a dead letter."""
        rows = {id(item): rows_of(cast("ActivityEvent", item.body)) for item in received}
        every = [row for each in rows.values() for row in each]
        if not every:
            return
        if await evidence.ingest(work.sql, every) < len(every):
            refused = await evidence.conflicting(work.sql, every)
            letters = [_letter(item) for item in received if _refused(rows[id(item)], refused)]
            await dead_letters.keep(work.sql, letters, self._clock.now())


def rows_of(event: ActivityEvent) -> list[Row]:
    """A row for every pair in the footprint; `released` where this revision no longer counts."""
    facts, digest = document.facts(event)
    own = {(obligation, event.counted_on) for obligation in event.obligations}
    return [
        Row(
            event.activity_id,
            event.revision,
            pair.obligation,
            pair.counted_on,
            event.municipality,
            "counted" if (pair.obligation, pair.counted_on) in own else "released",
            event.recorded_at,
            digest,
            facts,
        )
        for pair in event.footprint
    ]


def _refused(rows: Sequence[Row], refused: set[tuple[UUID, int, bytes]]) -> bool:
    return any((row.activity_id, row.revision, row.sha256) in refused for row in rows)


def _letter(item: Received) -> DeadLetter:
    body = cast("ActivityEvent", item.body)
    detail = f"revision {body.revision} of activity {body.activity_id} is known here with other content"
    return DeadLetter(item.record, "conflicting_revision", detail, item.envelope.id, item.envelope.type)
