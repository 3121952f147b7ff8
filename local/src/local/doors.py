"""Sends records as organisations' own systems would: over HTTP or Kafka, again when nothing was acknowledged."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import httpx
from aiokafka import AIOKafkaProducer
from contracts.envelope import binary
from contracts.model import Message
from contracts.topics import ingress as ingress_topic

from contracts import ingress
from local.asking import answered, ask
from local.places import ORGANISATIONS
from local.records import Record
from local.stage import Stage

MUNICIPALITY = "2480"
MESSAGES: dict[str, type[Message]] = {
    "report": ingress.ActivityReported,
    "correction": ingress.ActivityCorrectionReported,
    "retraction": ingress.ActivityRetractionReported,
    "confirmation": ingress.ActivityConfirmationReported,
    "baseline": ingress.BaselineReport,
}


class Doors:
    """A producer for each organisation and one HTTP client; `surprises` collects answers nobody expected."""

    def __init__(self, stage: Stage) -> None:
        self.surprises: list[str] = []
        self._obligations: dict[str, str] = {}
        self._stage = stage
        self._http = httpx.AsyncClient(timeout=30)
        self._producers = {
            name: AIOKafkaProducer(**stage.login(name), acks="all", enable_idempotence=True) for name in ORGANISATIONS
        }

    async def __aenter__(self) -> Self:
        for producer in self._producers.values():
            await producer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for producer in self._producers.values():
            await producer.stop()
        await self._http.aclose()

    async def send(self, records: Sequence[Record]) -> None:
        """Send what goes together and wait for the acknowledgement."""
        first = records[0]
        self.know(records)
        if first.via == "http":
            await (self._list(records) if first.batch else self._http_one(first))
            return
        headers, value = await self._event(first) if first.via == "kafka" else ([], first.value.encode())
        topic, key = ingress_topic(first.organisation).name, first.reference.encode()
        await self._producers[first.organisation].send_and_wait(topic, value, key=key, headers=headers)

    def know(self, records: Sequence[Record]) -> None:
        """Remember what was sent, since a later record may mean it."""
        self._obligations |= {r.reference: r.data["obligations"][0] for r in records if "obligations" in r.data}

    async def pipeline(self, organisation: str, events: Sequence[tuple[str, bytes, Any]]) -> None:
        """Send many (reference, value, headers) at once over Kafka."""
        topic, producer = ingress_topic(organisation).name, self._producers[organisation]
        sent = [await producer.send(topic, v, key=r.encode(), headers=list(h)) for r, v, h in events]
        for each in sent:
            await each

    async def _event(self, record: Record) -> tuple[list[tuple[str, bytes]], bytes]:
        subject = record.reference
        if record.what == "confirmation":
            subject = (await self._activity(record))["activity_id"]
        message = MESSAGES[record.what](**record.data)
        about = {"event_id": record.event_id, "source": record.source, "subject": subject}
        headers, value = binary(**about, time=record.at, data=message)
        return list(headers), value

    async def _list(self, records: Sequence[Record]) -> None:
        body = [_report(record) for record in records]
        answer = await self._ask("POST", "/v1/activities", records[0], body)
        for record, item in zip(records, answer.json()["items"], strict=True):
            self._compare(record, item["status"], item.get("problem", {}))

    async def _http_one(self, record: Record) -> None:
        about = {"event_id": record.event_id}
        match record.what:
            case "report":
                answer = await self._ask("POST", "/v1/activities", record, _report(record))
            case "baseline":
                answer = await self._ask("POST", "/v1/baselines", record, record.data | about)
            case what:
                meant = await self._activity(record)
                path = f"/v1/activities/{meant['activity_id']}/{what}{'s' if what != 'retraction' else ''}"
                method = "PUT" if what == "retraction" else "POST"
                answer = await self._ask(method, path, record, record.data | about, revision=meant["revision"])
        self._compare(record, answer.status_code, answer.json())

    async def _activity(self, record: Record) -> dict[str, Any]:
        """Find the activity meant in the list of its obligation, as a person would."""
        cursor, about = "", f"municipality={MUNICIPALITY}&obligation={self._obligations[record.reference]}"
        while True:
            query = f"/v1/activities?{about}&limit=1000{cursor}"
            url, token = self._stage.api("activities") + query, self._stage.keys.token(record.organisation)
            page = (await ask(self._http, "GET", url, token=token)).json()
            for item in page["activities"]:
                if item["reference"] == record.reference:
                    return dict(item)
            if not page["next"]:
                raise LookupError(f"{record.organisation} sees no activity {record.reference}")
            cursor = f"&cursor={page['next']}"

    async def _ask(
        self, method: str, path: str, record: Record, body: object, revision: int | None = None
    ) -> httpx.Response:
        url, token = self._stage.api("activities") + path, self._stage.keys.token(record.organisation)
        return await answered(self._http, method, url, token=token, body=body, revision=revision)

    def _compare(self, record: Record, status: int, problem: dict[str, Any]) -> None:
        refused = problem.get("code", "?") if status >= httpx.codes.BAD_REQUEST else ""
        if refused != record.refused:
            wanted = record.refused or "accepted"
            self.surprises.append(f"{record.reference} was {refused or 'accepted'}, not {wanted}: {problem}")


def _report(record: Record) -> dict[str, Any]:
    return record.data | {"event_id": record.event_id, "reference": record.reference}
