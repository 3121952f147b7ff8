"""A small service of the tests: one table, one type of event, topics of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition
from chassis.clock import Clock, SystemClock
from chassis.consuming import new_broker, subscribe
from chassis.database import Database, UnitOfWork, connect
from chassis.migrate import migrate
from chassis.records import Received, Types, whole
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.subscription import Subscription
from chassis.topics import ensure
from contracts.model import Message
from contracts.topics import Topic

from chassis import kafka as clients

Record = tuple[int, list[tuple[str, bytes | None]], bytes | None]
TABLE = 'CREATE TABLE taken (topic text, partition int, "offset" bigint, n int)'


class Thing(Message):
    TYPE: ClassVar[str] = "thing"
    n: int
    text: str = ""


class House:
    """Everything a test does with the small service."""

    Thing = Thing

    def __init__(self, settings: Settings, database: Database, name: str) -> None:
        self.settings = settings
        self.database = database
        self.name = name
        self.open = AsyncExitStack()
        self._topics = 0
        self._producer: AIOKafkaProducer | None = None

    async def new_topic(self, partitions: int) -> Topic:
        self._topics += 1
        topic = Topic(f"{self.name}.{self._topics}", "any", "tests", ("tests",), -1, partitions)
        await ensure(self.settings, [topic])
        return topic

    def event(self, n: object = 1, *, partition: int = 0, name: str = "thing") -> Record:
        attributes = {"specversion": "1.0", "id": f"e{n}", "source": "/tests", "type": name}
        return partition, [(f"ce_{k}", v.encode()) for k, v in attributes.items()], json.dumps({"n": n}).encode()

    async def say(self, topic: Topic, records: Sequence[Record]) -> None:
        if self._producer is None:
            self._producer = AIOKafkaProducer(**clients.client_options(self.settings), acks="all")
            await self._producer.start()
            self.open.push_async_callback(self._producer.stop)
        sent = [
            await self._producer.send(topic.name, value, key=b"k", partition=partition, headers=headers)
            for partition, headers, value in records
        ]
        await asyncio.gather(*sent)

    async def hear(self, topic: Topic) -> list[ConsumerRecord[bytes, bytes]]:
        """Everything the topic holds now, partition by partition."""
        places = [TopicPartition(topic.name, partition) for partition in range(topic.partitions)]
        consumer = clients.reader(self.settings)
        consumer.assign(places)
        await consumer.start()
        found: list[ConsumerRecord[bytes, bytes]] = []
        try:
            async with asyncio.timeout(30):
                for place, end in (await consumer.end_offsets(places)).items():
                    while await consumer.position(place) < end:
                        found += [r for rs in (await consumer.getmany(place, timeout_ms=100)).values() for r in rs]
        finally:
            await consumer.stop()
        return found

    async def numbers(self, topic: Topic) -> list[int]:
        return [json.loads(record.value)["n"] for record in await self.hear(topic)]

    def publish(self, work: UnitOfWork, topic: Topic, n: int, *, key: str = "k", text: str = "") -> None:
        now = SystemClock().now()
        work.publish(topic, key=key, event_id=f"{key}-{n}", subject="s", time=now, data=Thing(n=n, text=text))

    def new_relay(self) -> Relay:
        return Relay(self.database, lambda: clients.producer(self.settings))

    async def write_down(self, work: UnitOfWork, received: Sequence[Received]) -> None:
        """Insert a row a record, so that what is taken twice is there twice."""
        await work.sql.executemany(
            "INSERT INTO taken VALUES ($1, $2, $3, $4)",
            [(i.record.topic, i.record.partition, i.record.offset, i.body.model_dump()["n"]) for i in received],
        )

    @property
    def types(self) -> Types:
        """What the house's consumers understand."""
        return {"thing": lambda envelope: Thing.read(envelope.data)}

    def subscription(self, **other: Any) -> Subscription:  # noqa: ANN401 - as `Subscription` takes it
        words: dict[str, Any] = {"group": self.name, "types": self.types, "handler": whole(self.write_down)}
        return Subscription(**(words | other))

    @asynccontextmanager
    async def consuming(self, clock: Clock | None = None, **other: Any) -> AsyncIterator[None]:  # noqa: ANN401
        """A replica that takes things into the table while the block runs."""
        broker = new_broker(self.settings, self.name)
        subscribe(
            broker,
            self.settings,
            self.subscription(**other),
            database=self.database,
            clock=clock or SystemClock(),
        )
        await broker.start()
        try:
            yield
        finally:
            await broker.stop()

    async def taken(self) -> list[int]:
        return [row["n"] for row in await self.database.pool.fetch("SELECT n FROM taken ORDER BY n")]

    async def committed(self, topic: Topic, offsets: dict[int, int]) -> bool:
        """Whether this is what Kafka holds of the house's group."""
        client = clients.admin(self.settings)
        await client.start()
        try:
            found = await client.list_consumer_group_offsets(self.name)
        finally:
            await client.close()
        return {place.partition: said.offset for place, said in found.items() if place.topic == topic.name} == offsets

    async def has_taken(self, count: int) -> None:
        await self.eventually(lambda: self.database.pool.fetchval("SELECT count(*) >= $1 FROM taken", count))

    async def set_aside(self) -> dict[int, str]:
        """Reasons of the unresolved dead letters by offset."""
        rows = await self.database.pool.fetch('SELECT "offset", reason FROM dead_letter WHERE resolution IS NULL')
        return {row["offset"]: row["reason"] for row in rows}

    async def eventually(self, question: Callable[[], Awaitable[object]]) -> None:
        async with asyncio.timeout(30):
            while not await question():  # noqa: ASYNC110 - servers answer, not this loop
                await asyncio.sleep(0.02)

    async def session(self) -> asyncpg.Connection:
        """A connection beside the pool."""
        connection = await asyncpg.connect(self.settings.dsn())
        self.open.push_async_callback(connection.close)
        return connection


@pytest.fixture
def room(unique: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a service's package with one migration; the package has the folder's name."""
    folder = tmp_path / unique
    (folder / "migrations").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "migrations" / "0001_taken.sql").write_text(TABLE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


@pytest.fixture
async def database(settings: Settings, room: Path) -> AsyncIterator[Database]:
    await migrate(settings, room.name)
    opened = await connect(settings, room.name)
    yield opened
    await opened.close()


@pytest.fixture
async def house(settings: Settings, database: Database, unique: str) -> AsyncIterator[House]:
    made = House(settings, database, unique)
    async with made.open:
        yield made
