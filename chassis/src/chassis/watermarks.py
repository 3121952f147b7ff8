"""How far the topics reach, and how many records a service is behind their ends."""

import asyncio
import re

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis import positions
from chassis.database import Database
from chassis.faults import TransientError
from chassis.kafka import admin, reader
from chassis.settings import Settings
from chassis.tracing import apart

PATIENCE = 5.0


class Watermarks:
    """Asks Kafka itself; two clients without a group, made when first asked.

    The consumer's own metadata knows no topic until it is asked for one, so the administrator's client lists them.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clients: tuple[AIOKafkaAdminClient, AIOKafkaConsumer] | None = None
        self._asking = asyncio.Lock()

    async def ends(self, pattern: str) -> dict[TopicPartition, int]:
        """The end offset of every partition of every topic whose whole name matches.

        Raises:
            TimeoutError: no answer in 5 seconds, the wait for others who ask included.
        """
        async with asyncio.timeout(PATIENCE), self._asking:
            administrator, consumer = await self._ready()
            places = [
                TopicPartition(topic["topic"], partition["partition"])
                for topic in await administrator.describe_topics()
                if re.fullmatch(pattern, topic["topic"])
                for partition in topic["partitions"]
            ]
            return await consumer.end_offsets(places) if places else {}

    async def behind(self, database: Database, pattern: str) -> int:
        """How many records the service's positions are behind the ends."""
        ends = await self.ends(pattern)
        there = await positions.read(database.pool)
        return sum(max(0, end - there.get(place, 0)) for place, end in ends.items())

    async def reach(self, database: Database, pattern: str, *, within: float) -> None:
        """Wait until the positions have passed the ends as they are now.

        Raises:
            TransientError: they had not after `within` seconds.
        """
        try:
            async with asyncio.timeout(within):
                ends = await self.ends(pattern)
                while not _passed(ends, await positions.read(database.pool)):  # noqa: ASYNC110 - another process may read
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise TransientError(f"{pattern} was not read to its end within {within} s") from None

    async def close(self) -> None:
        """Close the clients."""
        clients, self._clients = self._clients, None
        if clients is not None:
            await clients[0].close()
            await clients[1].stop()

    async def _ready(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        if self._clients is None:
            clients = admin(self._settings), reader(self._settings)
            try:
                for client in clients:
                    await apart(client.start())
            except BaseException:
                await clients[0].close()
                await clients[1].stop()
                raise
            self._clients = clients
        return self._clients


def _passed(ends: dict[TopicPartition, int], there: positions.Positions) -> bool:
    return all(there.get(place, 0) >= end for place, end in ends.items())
