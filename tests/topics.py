"""Topics as an accident or an operator leaves them."""

from collections.abc import Sequence

from aiokafka import TopicPartition
from aiokafka.admin import RecordsToDelete
from chassis.settings import Settings
from chassis.topics import ensure
from contracts.topics import Topic

from chassis import kafka


async def recreate(settings: Settings, topics: Sequence[Topic]) -> None:
    """Make topics new and empty, whether they were there or not."""
    client = kafka.admin(settings)
    await client.start()
    try:
        names = {topic.name for topic in topics}
        if there := names & set(await client.list_topics()):
            await client.delete_topics(sorted(there))
        while names & set(await client.list_topics()):
            continue
    finally:
        await client.close()
    await ensure(settings, topics)


async def cut(settings: Settings, topic: Topic, before: int, partition: int = 0) -> None:
    """Delete the records of a partition below an offset."""
    client = kafka.admin(settings)
    await client.start()
    await client.delete_records({TopicPartition(topic.name, partition): RecordsToDelete(before)})
    await client.close()
