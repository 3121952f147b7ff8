"""What could not be read or was refused: kept whole, in the transaction of the batch it came with."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import asyncpg
from aiokafka import ConsumerRecord, TopicPartition

from chassis.metrics import DEAD_LETTERS

if TYPE_CHECKING:
    from chassis.database import Connection

UNKNOWN_TYPE = "unknown_type"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record set aside. `reason` is a stable word, `detail` says what to mend."""

    record: ConsumerRecord[bytes | None, bytes | None]
    reason: str
    detail: str
    event_id: str | None = None
    type: str | None = None


def place(letter: DeadLetter) -> tuple[str, int, int]:
    """Where its record lies: the order in which letters of a batch are kept."""
    return letter.record.topic, letter.record.partition, letter.record.offset


async def keep(sql: "Connection", letters: Sequence[DeadLetter], now: datetime) -> None:
    """Store them; a record that is set aside again is stored once, a type known since then with its new reason."""
    if not letters:
        return
    await sql.executemany(
        """
        INSERT INTO dead_letter
            (topic, partition, "offset", key, headers, value, event_id, type, reason, detail, recorded_at)
        VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (topic, partition, "offset") DO UPDATE SET reason = EXCLUDED.reason, detail = EXCLUDED.detail
        WHERE dead_letter.reason = 'unknown_type' AND dead_letter.resolution IS NULL
        """,
        [_row(letter, now) for letter in letters],
    )
    for letter in letters:
        DEAD_LETTERS.labels(letter.record.topic, letter.reason).inc()


def _row(letter: DeadLetter, now: datetime) -> tuple[Any, ...]:
    record = letter.record
    headers = [[_text(name.encode()), _text(content)] for name, content in record.headers]
    place = (record.topic, record.partition, record.offset, record.key, json.dumps(headers), record.value)
    return (*place, _storable(letter.event_id), _storable(letter.type), letter.reason, _storable(letter.detail), now)


def _text(content: bytes | None) -> str | None:
    """Bytes as text that PostgreSQL stores; what is no UTF-8 is written as escapes."""
    return None if content is None else _storable(content.decode(errors="backslashreplace"))


def _storable(text: str | None) -> str | None:
    return None if text is None else text.replace("\x00", "\\x00").encode(errors="backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored letter, locked; `resolution` is `replayed`, `discarded` or nothing yet."""

    id: int
    record: ConsumerRecord[bytes | None, bytes | None]
    reason: str
    resolution: str | None


async def claim(sql: "Connection", places: Collection[TopicPartition], types: Collection[str]) -> Kept | None:
    """Lock the oldest that was set aside for one of these types, unless another replica has it."""
    row = await sql.fetchrow(
        """
        SELECT * FROM dead_letter
        WHERE (topic, partition) IN (SELECT * FROM unnest($1::text[], $2::int[]))
            AND type = ANY($3::text[]) AND reason = 'unknown_type' AND resolution IS NULL
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        """,
        [place.topic for place in places],
        [place.partition for place in places],
        list(types),
    )
    return _kept(row) if row else None


async def lock(sql: "Connection", number: int) -> Kept | None:
    """Lock one by its number; None if there is none."""
    row = await sql.fetchrow("SELECT * FROM dead_letter WHERE id = $1 FOR UPDATE", number)
    return _kept(row) if row else None


async def resolve(sql: "Connection", kept: Kept, resolution: str, now: datetime) -> None:
    """Say what became of a letter that is locked."""
    await sql.execute(
        "UPDATE dead_letter SET resolution = $2, resolved_at = $3 WHERE id = $1", kept.id, resolution, now
    )


async def refused_again(sql: "Connection", kept: Kept, letter: DeadLetter) -> None:
    """Keep the new reason of a letter that is locked."""
    await sql.execute(
        "UPDATE dead_letter SET reason = $2, detail = $3 WHERE id = $1",
        kept.id,
        letter.reason,
        _storable(letter.detail),
    )


async def let_go(sql: "Connection", places: Collection[TopicPartition]) -> None:
    """The letters of partitions that begin anew keep no offset: another record has it now."""
    await sql.execute(
        """
        UPDATE dead_letter SET "offset" = -id
        WHERE "offset" >= 0 AND (topic, partition) IN (SELECT * FROM unnest($1::text[], $2::int[]))
        """,
        [place.topic for place in places],
        [place.partition for place in places],
    )


def _kept(row: asyncpg.Record) -> Kept:
    return Kept(row["id"], _record(row), row["reason"], row["resolution"])


def _record(row: asyncpg.Record) -> ConsumerRecord[bytes | None, bytes | None]:
    headers = [(name, None if text is None else text.encode()) for name, text in json.loads(row["headers"])]
    return ConsumerRecord(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        timestamp=int(row["recorded_at"].timestamp() * 1000),
        timestamp_type=0,
        key=row["key"],
        value=row["value"],
        checksum=None,
        serialized_key_size=len(row["key"] or b""),
        serialized_value_size=len(row["value"] or b""),
        headers=headers,
    )


async def listing(
    sql: "Connection | asyncpg.Pool", reason: str | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """The latest unresolved ones, newest first; of one reason, or of all."""
    rows = await sql.fetch(
        """
        SELECT id, topic, partition, "offset", event_id, type, reason, detail, recorded_at
        FROM dead_letter WHERE resolution IS NULL AND ($1::text IS NULL OR reason = $1) ORDER BY id DESC LIMIT $2
        """,
        reason,
        limit,
    )
    return [dict(row) for row in rows]


async def waiting(sql: "Connection | asyncpg.Pool", reason: str) -> list[int]:
    """The numbers of those that were set aside for this reason and wait, in the order of their arrival."""
    rows = await sql.fetch("SELECT id FROM dead_letter WHERE resolution IS NULL AND reason = $1 ORDER BY id", reason)
    return [row["id"] for row in rows]


async def whole(sql: "Connection | asyncpg.Pool", number: int) -> dict[str, Any] | None:
    """All that is known of one, headers and value as text."""
    row = await sql.fetchrow("SELECT * FROM dead_letter WHERE id = $1", number)
    if row is None:
        return None
    text = {
        name: None if row[name] is None else row[name].decode(errors="backslashreplace") for name in ("key", "value")
    }
    return dict(row) | text | {"headers": json.loads(row["headers"])}


async def counts(sql: "Connection") -> dict[str, int]:
    """How many wait, by reason."""
    rows = await sql.fetch(
        "SELECT reason, count(*) AS n FROM dead_letter WHERE resolution IS NULL GROUP BY 1 ORDER BY 1"
    )
    return {row["reason"]: row["n"] for row in rows}
