"""`python -m tests.overload.flood SERVERS FIRST NUMBER`: so many reports over Kafka, by a process of its own."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer
from contracts.envelope import binary
from contracts.ingress import ActivityReported
from contracts.topics import ingress
from local.places import ORGANISATIONS

SAID: dict[str, Any] = {
    "municipality": "2480",
    "occurred_at": "2026-04-14T08:30:00+02:00",
    "obligations": ["tillganglig-polis"],
    "kind": "contact",
}


def record(name: str) -> tuple[str, bytes, Any]:
    """A report as (reference, value, headers)."""
    about = {"event_id": name, "source": f"/organisations/{ORGANISATIONS[0]}/flood", "subject": name}
    headers, value = binary(**about, time=datetime.now(UTC), data=ActivityReported(**SAID))
    return name, value, headers


async def main(servers: str, first: int, number: int) -> None:
    """Send them all, as many at once as the producer holds."""
    topic = ingress(ORGANISATIONS[0]).name
    producer = AIOKafkaProducer(
        bootstrap_servers=servers, enable_idempotence=True, linger_ms=20, max_batch_size=1 << 18
    )
    await producer.start()
    sent = []
    for n in range(first, first + number):
        name, value, headers = record(f"flood-{n}")
        sent.append(await producer.send(topic, value, key=name.encode(), headers=list(headers)))
    await asyncio.gather(*sent)
    await producer.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
