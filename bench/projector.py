"""Catch-up of the projector, each round on a fresh database, beside the limit."""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import asyncpg
from aiokafka import AIOKafkaProducer
from chassis.clock import FileClock
from chassis.database import connect
from chassis.migrate import migrate
from chassis.settings import Settings
from chassis.topics import ensure
from contracts.topics import ACTIVITIES, HOUSE
from local.children import free_port
from local.kafka import Kafka
from local.postgres import Postgres
from promises.application.evaluate import Evaluator
from promises.application.freeze import Freezer
from promises.scheduler import Scheduler

from bench import made_up
from bench.checks import check_projection
from bench.plan import Plan, Say
from bench.servers import PREFIX, answered, running, settings_of
from tests.topics import recreate


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds that each took."""

    limit: float
    ingest: float
    evaluated: float


def measure(folder: Path, plan: Plan, say: Say) -> list[Round]:
    """The rounds, on a Kafka and a PostgreSQL of their own."""
    kafka, postgres = Kafka(folder / "kafka"), Postgres(folder / "postgres")
    (folder / "clock").write_text(made_up.NOW.isoformat(), encoding="ascii")
    kafka.start()
    try:
        postgres.start()
        try:
            asyncio.run(_produce(kafka.bootstrap, plan, say))
            return [_round(n, folder, (kafka, postgres), plan, say) for n in range(plan.rounds)]
        finally:
            postgres.stop()
    finally:
        kafka.stop()


async def _produce(bootstrap: str, plan: Plan, say: Say) -> None:
    began = time.perf_counter()
    await ensure(Settings(database_url="", kafka_bootstrap=bootstrap), HOUSE)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=10, max_batch_size=256 * 1024)
    await producer.start()
    sent = [
        await producer.send(ACTIVITIES.name, value, key=key.encode(), headers=headers)
        for key, headers, value in made_up.records(plan.activities, plan.municipalities)
    ]
    await asyncio.gather(*sent)
    await producer.stop()
    say(f"projector: {plan.activities:,} activities are on the topic, {time.perf_counter() - began:.0f} s")


def _round(n: int, folder: Path, servers: tuple[Kafka, Postgres], plan: Plan, say: Say) -> Round:
    kafka, postgres = servers
    limit = _limit(n, folder, (kafka.bootstrap, postgres.create_database(f"limit{n}")), plan)
    port = free_port()
    env = dict(os.environ) | {
        f"{PREFIX}DATABASE_URL": postgres.create_database(f"promises{n}"),
        f"{PREFIX}KAFKA_BOOTSTRAP": kafka.bootstrap,
        f"{PREFIX}KAFKA_SESSION_TIMEOUT_MS": "4000",
        f"{PREFIX}PORT": str(free_port()),
        f"{PREFIX}INTERNAL_PORT": str(port),
        f"{PREFIX}CLOCK_FILE": str(folder / "clock"),
    }
    settings = settings_of(env)
    asyncio.run(_prepare(settings, plan))
    with running("promises", "serve", env=env, log=folder / f"promises{n}.log", port=port) as began:
        ingest, evaluated = asyncio.run(_watch(settings, plan, began))
    asyncio.run(check_projection(settings, plan))
    say(
        f"projector round {n + 1} of {plan.rounds}: limit {limit:.1f} s, "
        f"evidence after {ingest:.1f} s, standings after {evaluated:.1f} s, checked"
    )
    return Round(limit, ingest, evaluated)


def _limit(n: int, folder: Path, servers: tuple[str, str], plan: Plan) -> float:
    env = dict(os.environ) | {"BENCH_KAFKA": servers[0], "BENCH_DSN": servers[1]}
    seconds = answered("bench.limit", str(plan.activities), env=env, log=folder / f"limit{n}.log")

    async def copied() -> int:
        sql = await asyncpg.connect(servers[1])
        number: int = await sql.fetchval("SELECT count(DISTINCT activity_id) FROM plain")
        await sql.close()
        return number

    if (found := asyncio.run(copied())) != plan.activities:
        raise RuntimeError(
            f"the limit copied {found} activities, not {plan.activities}; its figure would be worth nothing"
        )
    return seconds


async def _prepare(settings: Settings, plan: Plan) -> None:
    """Bring a database to where a service that was down for a while stands: catalogues judged, nothing seen.

    Its topics are made anew: one that found there what another round said would refuse to start.
    """
    await migrate(settings, "promises")
    await recreate(settings, [topic for topic in HOUSE if topic.writer == "promises"])
    await made_up.load_catalogues(settings, made_up.codes(plan.municipalities))
    database = await connect(settings, "promises")
    clock = FileClock(settings.clock_file or Path())
    await Scheduler(database, clock, Evaluator(database, clock), Freezer(database, clock)).once()
    await database.pool.execute("DELETE FROM outbox")
    await database.pool.execute("ANALYZE")
    await database.close()


async def _watch(settings: Settings, plan: Plan, began: float) -> tuple[float, float]:
    """Seconds until every record was evidence, and until nothing was dirty."""
    sql = await asyncpg.connect(settings.dsn())
    try:
        async with asyncio.timeout(plan.patience):
            await _until(sql, "SELECT coalesce(sum(next_offset), 0) >= $1 FROM position", plan.activities)
            ingest = time.perf_counter() - began
            await _until(sql, "SELECT NOT EXISTS (SELECT FROM dirty)")
            return ingest, time.perf_counter() - began
    finally:
        await sql.close()


async def _until(sql: asyncpg.Connection, question: str, *arguments: int) -> None:
    while not await sql.fetchval(question, *arguments):  # noqa: ASYNC110 - the answer is another process's
        await asyncio.sleep(0.01)


def ratio(rounds: Sequence[Round], name: str) -> float:
    """The median over the rounds of the limit's time by the service's."""
    return median(each.limit / float(getattr(each, name)) for each in rounds)
