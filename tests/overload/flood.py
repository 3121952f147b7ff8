"""`python -m tests.overload.flood SERVERS FIRST NUMBER RATE`: reports over Kafka at a pace, by a process of its own."""

import asyncio
import sys
import time
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer
from contracts.envelope import binary
from contracts.ingress import ActivityReported
from contracts.topics import ingress
from local.system import ORGANISATIONS

SAID: dict[str, Any] = {
    "municipality": "2480",
    "occurred_at": "2026-04-14T08:30:00+02:00",
    "obligations": ["tillganglig-polis"],
    "kind": "contact",
}
AT_ONCE = 500


def record(name: str) -> tuple[str, bytes, Any]:
    """A report as (reference, value, headers)."""
    about = {"event_id": name, "source": f"/organisations/{ORGANISATIONS[0]}/flood", "subject": name}
    headers, value = binary(**about, time=datetime.now(UTC), data=ActivityReported(**SAID))
    return name, value, headers


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(servers: str, first: int, number: int, rate: float) -> None:
    """Make them all, say `ready` and wait for a line; then send and say the seconds until the last was acknowledged."""
    records = [record(f"flood-{n}") for n in range(first, first + number)]
    topic = ingress(ORGANISATIONS[0]).name
    producer = AIOKafkaProducer(
        bootstrap_servers=servers, enable_idempotence=True, linger_ms=20, max_batch_size=1 << 18
    )
    await producer.start()
    _say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    began, sent = time.monotonic(), []
    for n, (name, value, headers) in enumerate(records):
        if n % AT_ONCE == 0:
            await asyncio.sleep(max(0, began + n / rate - time.monotonic()))
        sent.append(await producer.send(topic, value, key=name.encode(), headers=list(headers)))
    await asyncio.gather(*sent)
    _say(str(time.monotonic() - began))
    await producer.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
