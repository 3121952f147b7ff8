"""First stage: activities become evidence and mark their obligations dirty; it knows no rules and looks nothing up."""

import hashlib
import json
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from chassis.clock import Clock
from chassis.database import UnitOfWork
from chassis.dead_letters import DeadLetter
from chassis.records import Received
from contracts.activities import ActivityEvent, BaselineReported
from contracts.model import Message

from chassis import dead_letters
from promises.domain.calendar import first_day
from promises.store import baselines, evidence, feeds
from promises.store.evidence import Row


class Ingest:
    """Takes batches of the topic `activities`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def __call__(self, work: UnitOfWork, received: Sequence[Received]) -> None:
        """Write a batch; a revision that comes again with other content is a dead letter."""
        reports = [item for item in received if not isinstance(item.body, BaselineReported)]
        letters = [*await _take_reports(work, reports), *await _take_baselines(work, received)]
        await feeds.heard(work.sql, [_word(item.body) for item in received])
        await dead_letters.keep(work.sql, letters, self._clock.now())


async def _take_reports(work: UnitOfWork, received: Sequence[Received]) -> list[DeadLetter]:
    rows = {id(item): rows_of(cast("ActivityEvent", item.body), item.envelope.json.decode()) for item in received}
    every = [row for each in rows.values() for row in each]
    if not every or await evidence.ingest(work.sql, every) == len(every):
        return []
    refused = await evidence.conflicting(work.sql, every)
    return [_letter(item) for item in received if _refused(rows[id(item)], refused)]


async def _take_baselines(work: UnitOfWork, received: Sequence[Received]) -> list[DeadLetter]:
    rows = {id(item): _baseline(item.body) for item in received if isinstance(item.body, BaselineReported)}
    if not rows:
        return []
    refused = await baselines.ingest(work.sql, list(rows.values()))
    return [
        _letter(item)
        for item in received
        if (row := rows.get(id(item))) and (row.municipality, row.obligation, row.period, row.revision) in refused
    ]


def _word(body: Message) -> feeds.Word:
    event = cast("ActivityEvent | BaselineReported", body)
    return event.municipality, event.organisation, event.source, event.recorded_at


def _baseline(event: BaselineReported) -> baselines.Row:
    units = json.dumps(event.units, sort_keys=True, ensure_ascii=False)
    return baselines.Row(
        municipality=event.municipality,
        obligation=event.obligation,
        period=event.period,
        revision=event.revision,
        total=event.total,
        units=units,
        organisation=event.organisation,
        recorded_at=event.recorded_at,
        sha256=hashlib.sha256(f"{event.total} {units}".encode()).digest(),
        first_day=first_day(event.period),
    )


def rows_of(event: ActivityEvent, facts: str) -> list[Row]:
    """A row for every pair in the footprint; `released` where this revision no longer counts."""
    return [
        Row(
            event.activity_id,
            event.revision,
            pair.obligation,
            pair.counted_on,
            event.municipality,
            "counted" if pair.counted_on == event.counted_on and pair.obligation in event.obligations else "released",
            event.recorded_at,
            facts,
        )
        for pair in event.footprint
    ]


def _refused(rows: Sequence[Row], refused: set[tuple[UUID, int, str]]) -> bool:
    return any((row.activity_id, row.revision, row.facts) in refused for row in rows)


def _letter(item: Received) -> DeadLetter:
    body = cast("ActivityEvent | BaselineReported", item.body)
    detail = f"revision {body.revision} of {item.envelope.subject} is known here with other content"
    return DeadLetter(item.record, "conflicting_revision", detail, item.envelope.id, item.envelope.type)
