"""The demonstration's records: what two organisations report in a year, and how it gets to the system."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import httpx
from aiokafka import AIOKafkaProducer
from contracts.envelope import binary
from contracts.ingress import ActivityReported
from contracts.topics import ingress

from local.asking import ask
from local.system import System

MUNICIPALITY = "2480"


@dataclass(frozen=True, slots=True)
class Record:
    """`at` is when it is sent, `tells` what it shows; `via` is the door."""

    at: datetime
    via: Literal["http", "kafka", "malformed", "confirm"]
    organisation: str
    tells: str
    event_id: str
    reference: str
    data: dict[str, Any] = field(default_factory=dict)
    value: str = ""


def read(path: Path) -> list[Record]:
    """The records of a file, one JSON object a line, in the order of their time."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    found = [Record(**(line | {"at": datetime.fromisoformat(line["at"])})) for line in lines]
    return sorted(found, key=lambda record: record.at)


class Doors:
    """Sends records as an organisation's own system would: it repeats what was not acknowledged."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._http = httpx.AsyncClient(timeout=10)
        self._producer = AIOKafkaProducer(bootstrap_servers=system.kafka.bootstrap, acks="all", enable_idempotence=True)

    async def __aenter__(self) -> Self:
        await self._producer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._producer.stop()
        await self._http.aclose()

    async def send(self, record: Record) -> None:
        """Send by the record's door and wait for the acknowledgement.

        Raises:
            RuntimeError: the system refused it.
        """
        match record.via:
            case "http":
                body = record.data | {"event_id": record.event_id, "reference": record.reference}
                await self._ask("POST", "/v1/activities", record.organisation, body)
            case "kafka":
                event = ActivityReported(**record.data)
                source = f"/organisations/{record.organisation}/diary"
                about = {"event_id": record.event_id, "source": source, "subject": record.reference}
                headers, value = binary(**about, time=record.at, data=event)
                await self._produce(record, value, headers)
            case "malformed":
                await self._produce(record, record.value.encode(), [("content-type", b"application/json")])
            case "confirm":
                await self._confirm(record)

    async def _confirm(self, record: Record) -> None:
        """Choose the partner's activity from the list, as a person would, and confirm it."""
        query = f"/v1/activities?municipality={MUNICIPALITY}"
        listed = (await self._ask("GET", query, record.organisation)).json()["activities"]
        wanted = next(item["activity_id"] for item in listed if item["reference"] == record.reference)
        body: dict[str, object] = {"event_id": record.event_id}
        await self._ask("POST", f"/v1/activities/{wanted}/confirmations", record.organisation, body)

    async def _produce(self, record: Record, value: bytes, headers: Sequence[tuple[str, bytes]]) -> None:
        topic = ingress(record.organisation).name
        key = record.reference.encode()
        await self._producer.send_and_wait(topic, value, key=key, headers=list(headers))

    async def _ask(
        self, method: str, path: str, organisation: str, body: dict[str, object] | None = None
    ) -> httpx.Response:
        url = self._system.api("activities") + path
        return await ask(self._http, method, url, token=self._system.keys.token(organisation), body=body)
