"""Where a service reads on: a row in its own database, moved in the transaction of what was read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import asyncpg
from aiokafka import TopicPartition

if TYPE_CHECKING:
    from chassis.database import Connection

Positions = dict[TopicPartition, int]


async def read(sql: "Connection | asyncpg.Pool") -> Positions:
    """Every position: the next offset to read."""
    rows = await sql.fetch("SELECT topic, partition, next_offset FROM position")
    return {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def reset(sql: "Connection", place: TopicPartition, offset: int) -> None:
    """Read on from an offset that nothing is known of."""
    await sql.execute(
        "UPDATE position SET next_offset = $3, last_event_id = NULL WHERE topic = $1 AND partition = $2",
        place.topic,
        place.partition,
        offset,
    )


async def lock(sql: "Connection", places: Iterable[TopicPartition]) -> Positions:
    """Lock the rows of these partitions until the transaction ends, so that no record is taken twice."""
    ordered = sorted(places)
    topics, partitions = [p.topic for p in ordered], [p.partition for p in ordered]
    await sql.execute(
        """
        INSERT INTO position (topic, partition, next_offset)
        SELECT topic, partition, 0 FROM unnest($1::text[], $2::int[]) AS p(topic, partition)
        ON CONFLICT DO NOTHING
        """,
        topics,
        partitions,
    )
    rows = await sql.fetch(
        """
        SELECT topic, partition, next_offset FROM position
        WHERE (topic, partition) IN (SELECT * FROM unnest($1::text[], $2::int[]))
        ORDER BY topic, partition FOR UPDATE
        """,
        topics,
        partitions,
    )
    return {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def move(sql: "Connection", last: dict[TopicPartition, tuple[int, str | None]]) -> None:
    """Move past the last record taken of each partition; beside it its event id, by which a restore is recognised."""
    await sql.execute(
        """
        UPDATE position AS p SET next_offset = m.last + 1, last_event_id = m.event
        FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[]) AS m(topic, partition, last, event)
        WHERE p.topic = m.topic AND p.partition = m.partition
        """,
        [place.topic for place in last],
        [place.partition for place in last],
        [offset for offset, _ in last.values()],
        [event for _, event in last.values()],
    )
