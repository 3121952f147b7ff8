"""Compares what the database remembers of the topics with the topics: a restore, of either, is noticed at start."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from contracts.envelope import MalformedEventError, unopened

from chassis import repairs
from chassis.database import Connection, Database
from chassis.faults import persistently
from chassis.kafka import admin, reader
from chassis.past import DifferenceError, Past
from chassis.records import Raw, Received, understand
from chassis.settings import Settings
from chassis.spans import records

Kind = Literal["output_lost", "restored_behind", "input_lost", "records_gone", "unfinished"]
SENTENCES: Mapping[Kind, str] = {
    "output_lost": "has lost what this service said; it was recreated or cut off",
    "restored_behind": "holds what this service said and its database does not know; the database was put back",
    "input_lost": "is not the topic that was read so far; it was recreated or cut off",
    "records_gone": "has lost records before they were read",
    "unfinished": "was being written anew, and that was not ended",
}
REMEDIES: Mapping[Kind, str] = {
    "output_lost": "republish",
    "restored_behind": "recover",
    "input_lost": "recover",
    "records_gone": "recover",
    "unfinished": "republish",
}


class Mark(NamedTuple):
    """The last record known of a partition: its offset, and its event's id where it had one."""

    offset: int
    event_id: str | None


Marks = Mapping[TopicPartition, Mark]


class Difference(NamedTuple):
    """A partition of which the two tell different stories; `begin` and `end` are the topic's offsets now."""

    kind: Kind
    place: TopicPartition
    begin: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Log:
    """What Kafka holds now."""

    begins: Mapping[TopicPartition, int]
    ends: Mapping[TopicPartition, int]
    ids: Mapping[TopicPartition, str | None]

    def lost(self, place: TopicPartition, mark: Mark) -> bool:
        """Whether the marked record is not where it was, though it should be."""
        if mark.offset >= self.ends.get(place, 0):
            return True
        return mark.event_id is not None and self.ids.get(place, mark.event_id) != mark.event_id

    def difference(self, kind: Kind, place: TopicPartition) -> Difference:
        """With the offsets as they are."""
        return Difference(kind, place, self.begins.get(place, 0), self.ends.get(place, 0))


async def check(settings: Settings, database: Database, service: str, past: Past) -> None:
    """Refuse to go on where database and topics differ; waits for both to answer.

    Raises:
        DifferenceError: with what differs and the remedy.
    """
    found = await persistently(lambda: differences(settings, database, past), what="comparing with topics")
    if found:
        raise DifferenceError("\n".join(["the database and the topics tell different stories", *told(found, service)]))


def told(found: Sequence[Difference], service: str) -> Iterator[str]:
    """What was found as sentences, then the commands that mend it."""
    places: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for each in found:
        places[each.kind, each.place.topic].append(f"{each.place.partition} ({each.begin} to {each.end})")
    for (kind, topic), partitions in places.items():
        yield f"  topic {topic} {SENTENCES[kind]}: partition {', '.join(partitions)}"
    for remedy in sorted({REMEDIES[each.kind] for each in found}):
        yield f"  remedy: python -m {service} {remedy}"


async def differences(settings: Settings, database: Database, past: Past) -> list[Difference]:
    """Everything in which the two differ. The database is read first: the topics only grow meanwhile."""
    async with database.pool.acquire() as sql:
        memory, positions = await _memory(sql), await _positions(sql)
        unfinished = await repairs.unfinished(sql, "republish")
    if unfinished:
        return [Difference("unfinished", TopicPartition(topic, 0)) for topic in past.topics]
    consumer = reader(settings)
    try:
        await consumer.start()
        outputs = await places(settings, past.topics)
        log = await _log(consumer, memory, positions, outputs)
        found = [log.difference("output_lost", place) for place, mark in memory.items() if log.lost(place, mark)]
        lost = {each.place for each in found}
        tails = {p: (max(_behind(memory, p), log.begins[p]), log.ends[p]) for p in outputs if p not in lost}
        found += [log.difference("restored_behind", place) for place in await _strange(consumer, database, past, tails)]
    finally:
        await consumer.stop()
    return [*found, *_inputs(log, positions)]


def _inputs(log: _Log, positions: Marks) -> Iterator[Difference]:
    for place, mark in positions.items():
        if log.lost(place, mark):
            yield log.difference("input_lost", place)
        elif mark.offset + 1 < log.begins.get(place, 0):
            yield log.difference("records_gone", place)


def _behind(marks: Marks, place: TopicPartition) -> int:
    return marks[place].offset + 1 if place in marks else 0


async def _strange(
    consumer: AIOKafkaConsumer, database: Database, past: Past, tails: Mapping[TopicPartition, tuple[int, int]]
) -> list[TopicPartition]:
    """The partitions in which events follow that the database holds nothing of.

    Following alone means nothing: a relay that died after sending, or that a newer one replaced, leaves such events.
    """
    found: set[TopicPartition] = set()
    async for batch in records(consumer, tails):
        place = TopicPartition(batch[0].topic, batch[0].partition)
        said = [read for record in batch if isinstance(read := understand(record, past.types), Received)]
        async with database.pool.acquire() as sql:
            if said and await past.unknown(sql, said):
                found.add(place)
    return sorted(found)


async def places(settings: Settings, topics: Sequence[str]) -> list[TopicPartition]:
    """The partitions of those of the topics that there are."""
    client = admin(settings)
    await client.start()
    try:
        return [
            TopicPartition(topic["topic"], partition["partition"])
            for topic in await client.describe_topics()
            if topic["topic"] in topics
            for partition in topic["partitions"]
        ]
    finally:
        await client.close()


async def _log(consumer: AIOKafkaConsumer, memory: Marks, positions: Marks, outputs: Sequence[TopicPartition]) -> _Log:
    wanted = {*outputs, *memory, *positions}
    known = await consumer.topics()
    there = [place for place in wanted if place.topic in known]
    begins = await consumer.beginning_offsets(there) if there else {}
    ends = await consumer.end_offsets(there) if there else {}
    marked = {
        place: (mark.offset, mark.offset + 1)
        for marks in (memory, positions)
        for place, mark in marks.items()
        if place in begins and begins[place] <= mark.offset < ends[place]
    }
    ids: dict[TopicPartition, str | None] = {}
    async for batch in records(consumer, marked):
        ids |= {TopicPartition(record.topic, record.partition): _id(record) for record in batch}
    return _Log(begins, ends, ids)


def _id(record: Raw) -> str | None:
    try:
        return unopened(record.headers, record.value).id
    except MalformedEventError:
        return None


async def _memory(sql: Connection) -> dict[TopicPartition, Mark]:
    rows = await sql.fetch('SELECT topic, partition, "offset", event_id FROM relay_memory')
    return {TopicPartition(row["topic"], row["partition"]): Mark(row["offset"], row["event_id"]) for row in rows}


async def _positions(sql: Connection) -> dict[TopicPartition, Mark]:
    rows = await sql.fetch("SELECT topic, partition, next_offset, last_event_id FROM position WHERE next_offset > 0")
    return {
        TopicPartition(row["topic"], row["partition"]): Mark(row["next_offset"] - 1, row["last_event_id"])
        for row in rows
    }
