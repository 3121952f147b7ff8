import asyncio
import os
import shutil
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from local.jars import Jar, JarError
from local.kafka import Kafka
from local.postgres import Postgres
from local.postgres_user import binaries_for

from local import jars


async def _say(kafka: Kafka, topic: str, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
    await producer.start()
    await producer.send_and_wait(topic, value)
    await producer.stop()


async def _hear(kafka: Kafka, topic: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(20):
            return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()


async def _create(kafka: Kafka, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1)])
    await admin.close()


def test_kafka_keeps_what_it_acknowledged_through_a_kill_and_a_stop(scratch: Path) -> None:
    kafka = Kafka(scratch / "killed-kafka")
    kafka.start()
    asyncio.run(_create(kafka, "kept"))
    asyncio.run(_say(kafka, "kept", b"one"))
    kafka.kill()
    kafka.start()
    asyncio.run(_say(kafka, "kept", b"two"))
    kafka.stop()
    kafka.start()
    try:
        assert asyncio.run(_hear(kafka, "kept", 2)) == [b"one", b"two"]
    finally:
        kafka.stop()


def test_postgres_keeps_what_it_committed_through_a_kill_and_a_stop(scratch: Path) -> None:
    async def run(dsn: str, statement: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(dsn)
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    server = Postgres(scratch / "killed-postgres")
    server.start()
    dsn = server.create_database("kept")
    asyncio.run(run(dsn, "CREATE TABLE kept AS SELECT 1 AS n"))
    server.kill()
    server.start()
    asyncio.run(run(dsn, "INSERT INTO kept VALUES (2)"))
    server.stop()
    server.start()
    try:
        assert server.create_database("kept") == dsn
        assert [row["n"] for row in asyncio.run(run(dsn, "SELECT n FROM kept ORDER BY n"))] == [1, 2]
    finally:
        server.stop()


def test_a_role_opens_its_own_database_only(postgres: Postgres, unique: str) -> None:
    mine = postgres.create_database(unique)
    postgres.create_database(unique + "b")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        asyncio.run(asyncpg.connect(mine.removesuffix(unique) + unique + "b"))


def test_a_jar_with_another_sum_is_refused_by_name(tmp_path: Path) -> None:
    jar = Jar("0" * 64, jars.expected()[0].path)
    (tmp_path / jar.path.name).write_bytes(b"not the jar")
    with pytest.raises(JarError, match=jar.path.name):
        jars.check(tmp_path, jar)


def test_every_jar_has_a_sum_and_coordinates() -> None:
    jar = next(jar for jar in jars.expected() if jar.path.name == "kafka_2.13-4.3.1.jar")
    assert jar.coordinates == ("org.apache.kafka", "kafka_2.13", "4.3.1")
    assert all(len(jar.sha256) == 64 for jar in jars.expected())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for PostgreSQL")
def test_postgresql_runs_for_root_from_a_folder_that_its_user_cannot_reach(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    server = Postgres(hidden / "postgres")
    server.start()
    try:
        assert server.folder != hidden / "postgres"
        assert server.create_database("reached").endswith("/reached")
    finally:
        server.stop()
        shutil.rmtree(server.folder)


def test_binaries_that_the_user_cannot_reach_are_copied_whole(scratch: Path, tmp_path: Path) -> None:
    installed = tmp_path / "package" / "pginstall" / "bin"
    installed.mkdir(parents=True)
    (installed / "postgres").write_text("#!/bin/sh\n", encoding="ascii")
    tmp_path.chmod(0o700)
    nobody = (65534, 65534)
    copied = binaries_for(installed, nobody)
    assert copied != installed
    assert (copied / "postgres").read_text(encoding="ascii") == "#!/bin/sh\n"
    assert binaries_for(installed, nobody) == copied
    shutil.rmtree(copied.parents[2])
    assert binaries_for(scratch, nobody) == scratch
