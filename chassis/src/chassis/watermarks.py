"""How far the topics reach, and how many records a service is behind their ends."""

import asyncio
import re

from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis import positions
from chassis.database import Database
from chassis.faults import TransientError
from chassis.kafka import reader
from chassis.settings import Settings


class Watermarks:
    """Asks Kafka itself; one client without a group, made when first asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: AIOKafkaConsumer | None = None
        self._asking = asyncio.Lock()

    async def ends(self, pattern: str) -> dict[TopicPartition, int]:
        """The end offset of every partition of every topic whose whole name matches."""
        async with self._asking, asyncio.timeout(5):
            client = await self._ready()
            names = [name for name in await client.topics() if re.fullmatch(pattern, name)]
            places = [TopicPartition(name, p) for name in names for p in client.partitions_for_topic(name) or ()]
            return await client.end_offsets(places) if places else {}

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
        ends = await self.ends(pattern)
        try:
            async with asyncio.timeout(within):
                while not _passed(ends, await positions.read(database.pool)):  # noqa: ASYNC110 - another process may read
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise TransientError(f"{pattern} was not read to its end within {within} s") from None

    async def close(self) -> None:
        """Close the client."""
        client, self._client = self._client, None
        if client is not None:
            await client.stop()

    async def _ready(self) -> AIOKafkaConsumer:
        if self._client is None:
            client = reader(self._settings)
            try:
                await client.start()
            except BaseException:
                await client.stop()
                raise
            self._client = client
        return self._client


def _passed(ends: dict[TopicPartition, int], there: positions.Positions) -> bool:
    return all(there.get(place, 0) >= end for place, end in ends.items())
