"""The outbox is a queue in the service's own database: written with the rows it tells of, emptied by the relay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contracts.envelope import Headers

if TYPE_CHECKING:
    from chassis.database import Connection

LIMIT = 256 * 1024


class OversizedEventError(ValueError):
    """An event is too large to travel; nothing of its transaction is committed."""


@dataclass(frozen=True, slots=True)
class Message:
    """A record to be: `value` in bytes of JSON, `headers` as Kafka takes them."""

    topic: str
    key: str
    event_id: str
    headers: Headers
    value: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """A message in the queue; `seq` is drawn under its thing's lock, so a thing's rows are in order."""

    seq: int
    message: Message


async def insert(sql: "Connection", messages: Sequence[Message]) -> None:
    """Queue the messages in their order.

    Raises:
        OversizedEventError: one of them is above 256 KiB.
    """
    if not messages:
        return
    for message in messages:
        if len(message.value) > LIMIT:
            raise OversizedEventError(
                f"event {message.event_id} for {message.topic} has {len(message.value)} bytes, {LIMIT} are allowed"
            )
    await sql.execute(
        """
        INSERT INTO outbox (topic, key, event_id, headers, value)
        SELECT topic, key, event_id, string_to_array(headers, E'\\x1f'), value
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[]) WITH ORDINALITY
            AS m(topic, key, event_id, headers, value, n)
        ORDER BY n
        """,
        [message.topic for message in messages],
        [message.key for message in messages],
        [message.event_id for message in messages],
        ["\x1f".join(part for name, text in m.headers for part in (name, text.decode())) for m in messages],
        [message.value for message in messages],
    )


async def head(sql: "Connection", limit: int) -> list[Row]:
    """The oldest rows, in order."""
    rows = await sql.fetch("SELECT seq, topic, key, event_id, headers, value FROM outbox ORDER BY seq LIMIT $1", limit)
    return [
        Row(
            row["seq"],
            Message(row["topic"], row["key"], row["event_id"], _pairs(row["headers"]), row["value"]),
        )
        for row in rows
    ]


async def drop(sql: "Connection", types: Sequence[str]) -> None:
    """Forget events of these types, because they will be said again in their place."""
    await sql.execute("DELETE FROM outbox WHERE headers && $1::text[]", types)


async def depth(sql: "Connection") -> int:
    """How many rows wait."""
    count: int = await sql.fetchval("SELECT count(*) FROM outbox")
    return count


async def figures(sql: "Connection") -> dict[str, Any]:
    """How many rows wait, and for how many seconds the oldest has."""
    row = await sql.fetchrow(
        """
        SELECT count(*) AS rows, extract(epoch FROM clock_timestamp() - min(created_at))::float AS oldest_seconds
        FROM outbox
        """
    )
    assert row is not None
    return dict(row)


def _pairs(flat: Sequence[str]) -> Headers:
    return [(name, text.encode()) for name, text in zip(flat[::2], flat[1::2], strict=True)]
