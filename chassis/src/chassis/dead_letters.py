"""What could not be read or was refused: kept whole, in the transaction of the batch it came with."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiokafka import ConsumerRecord

from chassis.metrics import DEAD_LETTERS

if TYPE_CHECKING:
    from chassis.database import Connection


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record set aside. `reason` is a stable word, `detail` says what to mend."""

    record: ConsumerRecord[bytes | None, bytes | None]
    reason: str
    detail: str
    event_id: str | None = None
    type: str | None = None


async def keep(sql: "Connection", letters: Sequence[DeadLetter], now: datetime) -> None:
    """Store them; a record that is set aside again is stored once."""
    if not letters:
        return
    await sql.executemany(
        """
        INSERT INTO dead_letter
            (topic, partition, "offset", key, headers, value, event_id, type, reason, detail, recorded_at)
        VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (topic, partition, "offset") DO NOTHING
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


async def listing(sql: "Connection", limit: int = 100) -> list[dict[str, Any]]:
    """The latest unresolved ones, newest first."""
    rows = await sql.fetch(
        """
        SELECT id, topic, partition, "offset", event_id, type, reason, detail, recorded_at
        FROM dead_letter WHERE resolution IS NULL ORDER BY id DESC LIMIT $1
        """,
        limit,
    )
    return [dict(row) for row in rows]
