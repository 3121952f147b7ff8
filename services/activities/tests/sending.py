"""An organisation that sends on Kafka, and the service that reads it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from activities import subscribers
from activities.application.doors import Doors
from aiokafka import AIOKafkaProducer
from chassis.settings import Settings
from chassis.watermarks import Watermarks
from contracts.envelope import binary
from contracts.promises import PromisePublished
from contracts.topics import PROMISES, Topic, ingress

from chassis import consuming, kafka
from services.activities.tests.driving import CODE, POLICE, Service, body, eventually, promise

KINDS = "se.lofteskollen.activity.{}.v1"


def said(kind: str, event_id: str, subject: str, **changes: Any) -> tuple[list[tuple[str, bytes]], bytes]:  # noqa: ANN401
    """Headers and value of what an organisation sends; reports and corrections carry a whole activity."""
    whole = kind in {"reported", "corrected"}
    data = {name: value for name, value in body().items() if name not in {"event_id", "reference"}} if whole else {}
    about = {"specversion": "1.0", "id": event_id, "source": "/desk", "type": KINDS.format(kind), "subject": subject}
    return [(f"ce_{name}", text.encode()) for name, text in about.items()], json.dumps(data | changes).encode()


class House:
    """The service with both doors open, and an organisation that only this test has."""

    def __init__(self, settings: Settings, service: Service, town: str) -> None:
        self.settings = settings
        self.service = service
        self.town = town
        self.topic = ingress(town)
        self.obligation = f"cykel-{town}"
        self.producer: AIOKafkaProducer = kafka.producer(settings)

    def promise(self, **changes: Any) -> PromisePublished:  # noqa: ANN401
        both = {"owners": (POLICE, self.town), "may_report": (POLICE, self.town)}
        return promise(self.obligation, **(both | changes))

    async def publish(self, state: PromisePublished) -> None:
        now = self.service.clock.now()
        headers, value = binary(event_id="p", source="/services/promises", subject=CODE, time=now, data=state)
        await self.producer.send_and_wait(PROMISES.name, value, key=CODE.encode(), headers=headers)

    async def send(self, *records: tuple[list[tuple[str, bytes]], bytes | None], to: str | None = None) -> None:
        for headers, value in records:
            await self.producer.send_and_wait(to or self.topic.name, value, key=b"k", headers=headers)

    async def report(self, event_id: str, subject: str, **changes: Any) -> None:  # noqa: ANN401
        await self.send(said("reported", event_id, subject, obligations=[self.obligation], **changes))

    async def revisions(self, reference: str = "r") -> list[tuple[str, int]]:
        rows = await self.service.rows(
            """
            SELECT r.command, r.revision FROM activity_revision r JOIN activity a USING (activity_id)
            WHERE a.organisation = $1 AND a.reference = $2 ORDER BY r.revision
            """,
            self.town,
            reference,
        )
        return [(row["command"], row["revision"]) for row in rows]

    async def has(self, *commands: str, reference: str = "r") -> None:
        """Wait until the activity has exactly these revisions."""
        wanted = [(name, number) for number, name in enumerate(commands, 1)]

        async def question() -> bool:
            return await self.revisions(reference) == wanted

        await eventually(question)

    async def letters(self, count: int) -> list[tuple[str, str]]:
        """Reasons and details of so many dead letters of this organisation."""
        sql = "SELECT reason, detail FROM dead_letter WHERE topic = $1 ORDER BY id"

        async def question() -> bool:
            return len(await self.service.rows(sql, self.topic.name)) >= count

        await eventually(question)
        return [(row["reason"], row["detail"]) for row in await self.service.rows(sql, self.topic.name)]


@asynccontextmanager
async def serving(settings: Settings, service: Service) -> AsyncIterator[Doors]:
    """Both subscriptions run while the block does."""
    watermarks = Watermarks(settings)
    doors = Doors(service.database, service.clock, watermarks)
    broker = consuming.new_broker(settings, "activities")
    for each in subscribers.subscriptions(doors):
        consuming.subscribe(broker, settings, each, database=service.database, clock=service.clock)
    await broker.start()
    try:
        yield doors
    finally:
        await broker.stop()
        await watermarks.close()


@asynccontextmanager
async def unread(settings: Settings, topic: Topic) -> AsyncIterator[None]:
    """Another session holds the topic's positions, so nothing of it is taken while the block runs."""
    session = await asyncpg.connect(settings.dsn())
    try:
        await session.execute("BEGIN")
        sql = (
            "INSERT INTO position (topic, partition, next_offset) SELECT $1, n, 0 FROM generate_series(0, $2 - 1) AS n"
        )
        await session.execute(sql, topic.name, topic.partitions)
        yield
    finally:
        await session.close()
