"""What follows from the events of a released version is worked out again, in five ways, and is the same."""

import asyncio
import gzip
import json
import os
import random
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from activities.application.past import Past
from aiokafka import AIOKafkaProducer
from chassis.commands.republish import republish
from chassis.database import connect
from chassis.differences import check
from chassis.migrate import migrate
from chassis.repairs import Deed
from chassis.settings import Settings
from chassis.watermarks import Watermarks
from contracts.topics import ACTIVITIES, HOUSE, ingress
from local.places import ORGANISATIONS
from local.postgres import Postgres
from promises.application import recovery
from promises.application.freeze import Freezer

from tests.hand_clock import HandClock
from tests.topics import recreate
from tests.upgrade.archive import FOLDER
from tests.upgrade.test_upgrade import restore, unpacked

VERSION = FOLDER / "0.1.0"
TOPICS = [*HOUSE, *(ingress(name) for name in ORGANISATIONS)]
LATER = {"evidence": {"seq"}, "standing": {"revision", "changed_at", "wake_at"}}
Record = dict[str, Any]


def archived(topic: str) -> list[Record]:
    return [json.loads(line) for line in unpacked(VERSION / "events" / f"{topic}.jsonl.gz").splitlines()]


async def produce(settings: Settings, topic: str, records: Sequence[Record]) -> None:
    """Each on its partition, in this order."""
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all") as producer:
        sent = [
            await producer.send(
                topic,
                record["value"].encode(),
                key=record["key"].encode(),
                partition=record["partition"],
                headers=[(name, text.encode()) for name, text in record["headers"]],
            )
            for record in records
        ]
        await asyncio.gather(*sent)


async def canonical(dsn: str) -> dict[str, list[str]]:
    """Evidence, standings and frozen reports as canonical JSON, without what depends on the way there."""
    connection = await asyncpg.connect(dsn)
    try:
        found = {}
        for table in ("evidence", "baseline", "feed", "standing", "frozen_report"):
            rows = await connection.fetch(f"SELECT to_jsonb(t) - $1::text[] AS row FROM {table} AS t", _later(table))  # noqa: S608
            found[table] = sorted(row["row"] for row in rows)
        return found
    finally:
        await connection.close()


def _later(table: str) -> list[str]:
    return sorted(LATER.get(table, set()))


@pytest.fixture
async def taken_over(postgres: Postgres, settings: Settings, unique: str) -> AsyncIterator[dict[str, Settings]]:
    """The topics and the databases as the released version left them, brought to this one."""
    await recreate(settings, TOPICS)
    for topic in TOPICS:
        await produce(settings, topic.name, archived(topic.name))
    found = {}
    for service in ("activities", "promises"):
        dsn = await asyncio.to_thread(postgres.create_database, f"{unique}_{service}")
        await asyncio.to_thread(restore, unpacked(VERSION / "databases" / f"{service}.sql.gz"), dsn)
        found[service] = settings.model_copy(update={"database_url": dsn})
        await migrate(found[service], service)
    yield found
    await recreate(settings, TOPICS)


async def rebuild(settings: Settings, clock: Path, *how: str, **environment: str) -> str:
    """As an operator would, at the end of the year that was archived."""
    where = {"DATABASE_URL": settings.database_url, "KAFKA_BOOTSTRAP": settings.kafka_bootstrap, "CLOCK_FILE": clock}
    named = {f"LOFTESKOLLEN_{name}": str(value) for name, value in where.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "promises", "rebuild", *how),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | named | environment,
    )
    async with asyncio.timeout(120):
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def collect(settings: Settings, day: int) -> None:
    """The frozen reports, on a day after the year that was archived."""
    database = await connect(settings, "promises")
    await Freezer(database, HandClock(datetime(2027, 1, day, 8, tzinfo=UTC))).collect()
    await database.close()


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    place = tmp_path / "clock"
    place.write_text("2027-01-15T07:00:00Z", encoding="ascii")
    return place


async def told(settings: Settings) -> tuple[int, int]:
    """How many notices there are, and how many events wait to be said about deadlines."""
    connection = await asyncpg.connect(settings.dsn())
    notices = await connection.fetchval("SELECT count(*) FROM notice")
    waiting = await connection.fetchval("SELECT count(*) FROM outbox WHERE topic = 'deadlines'")
    await connection.close()
    return notices, waiting


async def test_databases_and_topics_of_a_released_version_agree_and_can_be_said_and_judged_anew(
    taken_over: dict[str, Settings], clock: Path
) -> None:
    pasts = {"activities": Past(), "promises": recovery.Past()}
    for service, settings in taken_over.items():
        database = await connect(settings, service)
        await check(settings, database, service, pasts[service])  # type: ignore[arg-type]
        await database.close()
    promises = taken_over["promises"]
    before = await told(promises)
    await rebuild(promises, clock, "--evaluate")
    assert "0 standing(s) changed, 0 notice(s), 0 event(s)" in await rebuild(promises, clock, "--evaluate")
    assert await told(promises) == before


async def test_4_14_rebuilt_in_five_ways_it_is_the_same_and_nobody_is_told(
    taken_over: dict[str, Settings], clock: Path
) -> None:
    promises = taken_over["promises"]
    await rebuild(promises, clock, "--evaluate")
    await collect(promises, 16)
    live, notices = await canonical(promises.dsn()), await told(promises)
    assert len(live["frozen_report"]) > 10
    kept = [json.loads(row) for row in live["evidence"]]
    was = gzip.decompress((VERSION / "canonical" / "promises.txt.gz").read_bytes()).decode().splitlines()
    then = [json.loads(line.partition(" ")[2]) for line in was if line.startswith("evidence ")]
    assert sorted(map(_key, kept)) == sorted(map(_key, then))

    assert "0 standing(s) changed" in await rebuild(promises, clock, "--from-kafka", PYTHONHASHSEED="1")
    await collect(promises, 17)
    assert await canonical(promises.dsn()) == live

    await _in_another_order(promises)
    assert "0 standing(s) changed" in await rebuild(promises, clock, "--from-kafka", PYTHONHASHSEED="4711")
    await collect(promises, 18)
    assert await canonical(promises.dsn()) == live

    await recreate(promises, [ACTIVITIES])
    activities = await connect(taken_over["activities"], "activities")
    assert await republish(taken_over["activities"], activities, Past(), Deed("Kim", "republish", "activities")) > 100
    await activities.close()
    await _read_anew(promises)
    assert "0 standing(s) changed" in await rebuild(promises, clock, "--from-kafka")
    await collect(promises, 19)
    assert await canonical(promises.dsn()) == live
    assert await told(promises) == notices


def _key(row: Record) -> tuple[Any, ...]:
    return row["activity_id"], row["revision"], row["obligation"], row["counted_on"], row["state"]


async def _in_another_order(settings: Settings) -> None:
    """Every record twice, municipalities spread over other partitions and interleaved anew, a thing's order kept."""
    dice = random.Random(7)  # noqa: S311 - a repeatable order is wanted
    queues: dict[str, list[Record]] = {}
    for record in archived("activities"):
        thing = dict(record["headers"])["ce_subject"]
        partition = sum(thing.encode()) % ACTIVITIES.partitions
        queues.setdefault(thing, []).extend([record | {"partition": partition}] * 2)
    mixed: list[Record] = []
    while queues:
        thing = dice.choice(sorted(queues))
        mixed.append(queues[thing].pop(0))
        if not queues[thing]:
            del queues[thing]
    await recreate(settings, [ACTIVITIES])
    await produce(settings, "activities", mixed)
    await _read_anew(settings)


async def _read_anew(settings: Settings) -> None:
    """The positions are those of a service that has read the new topic to its end."""
    database, watermarks = await connect(settings, "promises"), Watermarks(settings)
    for place, end in (await watermarks.ends(ACTIVITIES.name)).items():
        await database.pool.execute(
            """
            INSERT INTO position (topic, partition, next_offset) VALUES ($1, $2, $3)
            ON CONFLICT (topic, partition) DO UPDATE SET next_offset = EXCLUDED.next_offset, last_event_id = NULL
            """,
            place.topic,
            place.partition,
            end,
        )
    await watermarks.close()
    await database.close()
