"""First stage: activities become evidence and mark the obligations they concern dirty; it knows no rules."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import cast
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.dead_letters import DeadLetter
from chassis.records import Received
from contracts.activities import ActivityEvent, BaselineReported, TextDisposed

from promises.domain.calendar import first_day
from promises.store import baselines, dirty, disposal, evidence, feeds, joined
from promises.store.dirty import Days, Name
from promises.store.evidence import Row


async def ingest(work: UnitOfWork, received: Iterable[Received]) -> list[DeadLetter]:
    """Write a batch of the topic `activities`; refused is a revision that comes again with other content."""
    batch, refused = await _take(work, received)
    if batch.keys or batch.known:
        for name, days in (await joined.days(work.sql, batch.keys, batch.known)).items():
            for day in days:
                batch.mark(name, day, batch.trace)
    await dirty.mark_days(work.sql, batch.days)
    await feeds.heard(work.sql, batch.heard)
    return refused


async def fill(work: UnitOfWork, received: Iterable[Received]) -> None:
    """The same without marks, for tables beside those in use: every obligation is marked once they are in place."""
    batch, _ = await _take(work, received)
    await feeds.heard(work.sql, batch.heard)


async def _take(work: UnitOfWork, received: Iterable[Received]) -> "tuple[_Batch, list[DeadLetter]]":
    batch = _Batch()
    new = await evidence.add(work.sql, batch.rows(received))
    refused = [] if new else await _take_known(work, batch, received)
    refused += await _take_baselines(work, batch.baselines)
    await disposal.note(work.sql, batch.disposals)
    if gone := await disposal.among(work.sql, batch.activities):
        for name, day in await disposal.blank(work.sql, gone):
            batch.mark(name, day, batch.trace)
    return batch, refused


class _Batch:
    """What a batch comes to beside its rows, gathered while they are being written.

    An occasion's key concerns whatever else was reported under it: `keys` are those named in the batch, each in its
    municipality, `known` the activities that may have named others before. `trace` is the latest one: what a batch
    concerns beside its own rows is put down to it.
    """

    def __init__(self) -> None:
        self.baselines: list[tuple[Received, baselines.Row]] = []
        self._days: dict[Name, tuple[date, date]] = {}
        self._traces: dict[Name, str] = {}
        self.heard: dict[feeds.Feed, feeds.Word] = {}
        self.disposals: list[TextDisposed] = []
        self.activities: set[UUID] = set()
        self.keys: set[tuple[str, str]] = set()
        self.known: set[UUID] = set()
        self.trace: str | None = None

    def rows(self, received: Iterable[Received]) -> Iterator[Row]:
        """Every row of the batch; a record is read when its rows are due, and let go."""
        for item in received:
            body = cast("ActivityEvent | BaselineReported | TextDisposed", item.body)
            trace = item.envelope.traceparent
            self.trace = trace or self.trace
            if isinstance(body, TextDisposed):
                self.disposals.append(body)
                self.activities.add(body.activity_id)
                self.known.add(body.activity_id)
                continue
            self._hear(body)
            if isinstance(body, BaselineReported):
                baseline = _baseline(body)
                self.baselines.append((item, baseline))
                self.mark((body.municipality, body.obligation), baseline.first_day, trace)
                continue
            self.activities.add(body.activity_id)
            self._join(body)
            for row in rows_of(body, item.envelope.json.decode()):
                self.mark((row.municipality, row.obligation), row.counted_on, trace)
                yield row

    def _hear(self, body: "ActivityEvent | BaselineReported") -> None:
        feed = (body.municipality, body.organisation, body.source)
        secret = not isinstance(body, BaselineReported) and body.visibility == "count_only"
        before = self.heard.get(feed, feeds.Word(body.recorded_at, None))
        public = [at for at in (before.public_at, None if secret else body.recorded_at) if at]
        self.heard[feed] = feeds.Word(max(before.at, body.recorded_at), max(public, default=None))

    def _join(self, body: ActivityEvent) -> None:
        if body.occasion_key:
            self.keys.add((body.municipality, body.occasion_key))
        if body.revision > 1:
            self.known.add(body.activity_id)

    def mark(self, name: Name, day: date, trace: str | None) -> None:
        """Something of an obligation changed on a day."""
        first, last = self._days.get(name, (day, day))
        self._days[name] = (min(first, day), max(last, day))
        if trace:
            self._traces[name] = trace

    @property
    def days(self) -> dict[Name, Days]:
        """What is to be marked."""
        return {name: Days(first, last, self._traces.get(name)) for name, (first, last) in self._days.items()}


async def _take_known(work: UnitOfWork, batch: _Batch, received: Iterable[Received]) -> list[DeadLetter]:
    """Take a batch in which something comes again: what is new goes in, what differs is set aside."""
    batch.baselines.clear()
    batch.disposals.clear()
    reports = [(item, list(batch.rows([item]))) for item in received]
    every = [row for _, rows in reports for row in rows]
    await evidence.add_missing(work.sql, every)
    refused = await evidence.conflicting(work.sql, every)
    return [_letter(item) for item, rows in reports if _refused(rows, refused)]


async def _take_baselines(work: UnitOfWork, received: Sequence[tuple[Received, baselines.Row]]) -> list[DeadLetter]:
    if not received:
        return []
    refused = await baselines.ingest(work.sql, [row for _, row in received])
    return [_letter(item) for item, row in received if row.key in refused]


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
