"""The projector's limit, a process of its own: read the same records, decode them, COPY them into a plain table."""

import asyncio
import json
import os
import sys
import time
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer
from contracts.topics import ACTIVITIES

BATCH = 1000
TABLE = """
CREATE TABLE plain (
    activity_id uuid, revision int, obligation text, counted_on date, municipality text, recorded_at timestamptz,
    body jsonb
)
"""


async def copy_all(bootstrap: str, dsn: str, number: int) -> float:
    """Copy `number` records; answers the seconds from the first contact with Kafka to the last commit."""
    sql = await asyncpg.connect(dsn)
    await sql.execute(TABLE)
    began = time.perf_counter()
    consumer = AIOKafkaConsumer(
        ACTIVITIES.name,
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=50,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    await consumer.start()
    try:
        copied = 0
        while copied < number:
            found = await consumer.getmany(timeout_ms=50, max_records=BATCH)
            rows = [row for batch in found.values() for record in batch for row in _rows(record.value)]
            await sql.copy_records_to_table("plain", records=rows)
            copied += len(rows)
        return time.perf_counter() - began
    finally:
        await consumer.stop()
        await sql.close()


def _rows(value: bytes) -> list[tuple[Any, ...]]:
    body = json.loads(value)
    first = (UUID(body["activity_id"]), body["revision"])
    last = (body["municipality"], datetime.fromisoformat(body["recorded_at"]), value.decode())
    return [(*first, pair["obligation"], date.fromisoformat(pair["counted_on"]), *last) for pair in body["footprint"]]


if __name__ == "__main__":
    seconds = asyncio.run(copy_all(os.environ["BENCH_KAFKA"], os.environ["BENCH_DSN"], int(sys.argv[1])))
    sys.stdout.write(f"{seconds}\n")
