"""`python -m chassis.topics [organisation …]` creates the house's topics and the ingress topics of organisations."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import Any

from aiokafka.admin import NewTopic
from aiokafka.errors import NoError, TopicAlreadyExistsError, for_code
from contracts.topics import HOUSE, Topic, ingress
from pydantic import ValidationError

from chassis.faults import TRANSIENT
from chassis.kafka import MAX_RECORD_BYTES, admin
from chassis.settings import Settings, complaints


class TopicMismatchError(RuntimeError):
    """A topic exists with another number of partitions: keys would lie elsewhere than before."""


SAID: tuple[type[BaseException], ...] = (*TRANSIENT, TopicMismatchError)


async def ensure(settings: Settings, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Create what is missing, replicated as the cluster's default says; answer the names created.

    Raises:
        TopicMismatchError: an existing topic has another number of partitions than declared.
    """
    client = admin(settings)
    await client.start()
    try:
        there = set(await client.list_topics())
        missing = [topic for topic in topics if topic.name not in there]
        if missing:
            _raise_first(await client.create_topics([_new(topic) for topic in missing]))
        await _compare(client, [topic for topic in topics if topic.name in there])
    finally:
        await client.close()
    return tuple(topic.name for topic in missing)


def _new(topic: Topic) -> NewTopic:
    """The client takes the replication -1, the cluster's default, only beside an assignment, be it empty."""
    config = topic.config | {"max.message.bytes": str(MAX_RECORD_BYTES)}
    return NewTopic(topic.name, topic.partitions, -1, {}, topic_configs=config)


def _raise_first(response: Any) -> None:  # noqa: ANN401 - a protocol struct
    for name, code, message in response.topic_errors:
        error = for_code(code)
        if error not in {NoError, TopicAlreadyExistsError}:
            raise error(f"topic {name}: {message}")


async def _compare(client: object, topics: Sequence[Topic]) -> None:
    if not topics:
        return
    described = await client.describe_topics([topic.name for topic in topics])  # type: ignore[attr-defined]
    counts = {entry["topic"]: len(entry["partitions"]) for entry in described}
    for topic in topics:
        if counts[topic.name] != topic.partitions:
            raise TopicMismatchError(
                f"topic {topic.name} has {counts[topic.name]} partitions, declared are {topic.partitions}; "
                "the number never changes: recreate the topic and republish"
            )


def main() -> int:
    """Create the topics that the arguments and the declarations name; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m chassis.topics", description=__doc__)
    parser.add_argument("organisations", nargs="*", metavar="ORGANISATION", help="slug, e.g. umea-kommun")
    names = parser.parse_args().organisations
    try:
        created = asyncio.run(ensure(Settings(database_url=""), [*HOUSE, *(ingress(name) for name in names)]))
    except ValidationError as error:
        print(complaints(error), file=sys.stderr)  # noqa: T201
        return 2
    except SAID as error:
        print(f"topics: {error or type(error).__name__}", file=sys.stderr)  # noqa: T201
        return 1
    print("created: " + (", ".join(created) or "nothing, all topics are there"))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
