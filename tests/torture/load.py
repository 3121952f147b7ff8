"""The load: reports over HTTP and Kafka, corrections, retractions, repetitions, and what must be refused.

Every report is an occasion of its own of a promise that is counted by the month, so that anybody can count them.
"""

import asyncio
import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from tests.torture.recorder import Recorder
from tests.torture.system import Twofold

OBLIGATION, ORGANISATION = "tillganglig-polis", "polisen-lpo-umea"
SOURCE = f"/organisations/{ORGANISATION}/torture"
TYPE = "se.lofteskollen.activity.reported.v1"
PAUSE = 0.04


class Load:
    """Sends until `stop`; `dice` decides what."""

    def __init__(self, system: Twofold, recorder: Recorder, dice: random.Random, now: Callable[[], datetime]) -> None:
        self._system, self._recorder, self._dice, self._now = system, recorder, dice, now
        self._token = system.keys.token(ORGANISATION)
        self._n = 0
        self.prefix = ""
        self.unanswered: list[tuple[str, Any]] = []
        self.violations: list[tuple[str, str]] = []

    async def http(self, stop: asyncio.Event) -> None:
        async with httpx.AsyncClient(timeout=6, headers={"authorization": f"Bearer {self._token}"}) as http:
            while not stop.is_set():
                await self._one(http)
                await asyncio.sleep(PAUSE)

    async def kafka(self, stop: asyncio.Event) -> None:
        """Each record once; one that is not acknowledged is unknown, and the producer is made anew."""
        while not stop.is_set():
            producer = AIOKafkaProducer(
                bootstrap_servers=self._system.kafka.bootstrap, acks="all", request_timeout_ms=4000
            )
            try:
                async with asyncio.timeout(6):
                    await producer.start()
                while not stop.is_set():
                    async with asyncio.timeout(6):
                        await self._record(producer)
                    await asyncio.sleep(PAUSE * 3)
            except (KafkaError, OSError, TimeoutError):
                await asyncio.sleep(0.2)
            finally:
                task = asyncio.create_task(producer.stop())
                await asyncio.wait([task], timeout=2)

    async def again(self) -> None:
        """Ask once more, now that all is well, for half of what got no answer; the rest stays unknown."""
        ask, self.unanswered = self.unanswered, []
        async with httpx.AsyncClient(timeout=20, headers={"authorization": f"Bearer {self._token}"}) as http:
            for event_id, body in ask:
                if self._dice.random() < 0.5:
                    await self._post(http, event_id, body)

    async def _one(self, http: httpx.AsyncClient) -> None:
        what = self._dice.random()
        accepted = [e for e in self._recorder.ids("ok") if self._recorder.asked[e]["kind"] == "report"]
        if what < 0.6 or not accepted:
            event_id, body = self._report()
            if what < 0.06:
                body["obligations"] = ["ingen-sadan"]
            self._recorder.ask(event_id, kind="report", body=body, bad=what < 0.06)
            await self._post(http, event_id, body)
        elif what < 0.75:
            event_id = self._dice.choice(accepted)
            await self._post(http, event_id, self._recorder.asked[event_id]["body"])
        elif what < 0.8:
            event_id = self._dice.choice(accepted)
            other = self._recorder.asked[event_id]["body"] | {"title": "något annat"}
            await self._other(http, event_id, other)
        else:
            await self._change(http, self._dice.choice(accepted), correct=what < 0.9)

    def _report(self) -> tuple[str, dict[str, Any]]:
        self._n += 1
        name = f"{self.prefix}-{self._n}"
        at = self._now() - timedelta(hours=self._dice.randint(49, 110))  # a clock may be set back by two days
        at = max(at, datetime.fromisoformat("2026-01-01T00:00:01+00:00"))
        body = {
            "event_id": name,
            "reference": name,
            "municipality": "2480",
            "occurred_at": at.isoformat(),
            "obligations": [OBLIGATION],
            "kind": "contact",
            "occasion_key": f"{at.date()}/{name}",
            "title": "Samtal på torget",
        }
        return name, body

    async def _post(self, http: httpx.AsyncClient, event_id: str, body: dict[str, Any]) -> None:
        url = self._dice.choice(self._system.doors("activities")) + "/v1/activities"
        self._note(event_id, body, await self._answer(http, "POST", url, body))

    def _note(self, event_id: str, body: dict[str, Any], answer: httpx.Response | None) -> None:
        if answer is None:
            self._recorder.answer(event_id, "unknown")
            self.unanswered.append((event_id, body))
        elif answer.is_success:
            said = answer.json()
            self._recorder.answer(event_id, "ok", activity_id=said["activity_id"], revision=said["revision"])
        else:
            self._recorder.answer(event_id, "refused", status=answer.status_code)

    async def _other(self, http: httpx.AsyncClient, event_id: str, body: dict[str, Any]) -> None:
        url = self._dice.choice(self._system.doors("activities")) + "/v1/activities"
        answer = await self._answer(http, "POST", url, body)
        if answer is not None:
            self._recorder.answer(event_id, "other", status=answer.status_code)

    async def _change(self, http: httpx.AsyncClient, event_id: str, *, correct: bool) -> None:
        """One change at a time, from the first revision, so that most are refused later and none is in doubt."""
        self._n += 1
        change = f"{self.prefix}-c{self._n}"
        known = self._recorder.said[event_id][0]["activity_id"]
        base = self._dice.choice(self._system.doors("activities")) + f"/v1/activities/{known}"
        body: dict[str, Any] = {"event_id": change}
        if correct:
            said = self._recorder.asked[event_id]["body"]
            body |= {k: v for k, v in said.items() if k not in {"event_id", "reference"}} | {"title": "Rättad"}
        else:
            body["reason"] = "dubbelt"
        self._recorder.ask(change, kind="correct" if correct else "retract", of=event_id, body=body)
        method, path = ("POST", "/corrections") if correct else ("PUT", "/retraction")
        answer = await self._answer(http, method, base + path, body, {"if-match": '"1"'} if correct else {})
        if answer is None:
            self._recorder.answer(change, "unknown")
        elif answer.is_success:
            self._recorder.answer(change, "ok", activity_id=known, revision=answer.json()["revision"])
        else:
            self._recorder.answer(change, "refused", status=answer.status_code)

    async def _record(self, producer: AIOKafkaProducer) -> None:
        event_id, body = self._report()
        bad = self._dice.random() < 0.05
        self._recorder.ask(event_id, kind="dead" if bad else "report", body=body, kafka=True)
        data = {name: value for name, value in body.items() if name not in {"event_id", "reference"}}
        value = b'{"municipality": ' if bad else json.dumps(data).encode()
        about = {"specversion": "1.0", "id": event_id, "source": SOURCE, "type": TYPE, "subject": event_id}
        headers = [(f"ce_{name}", text.encode()) for name, text in about.items()]
        headers += [("ce_time", body["occurred_at"].encode()), ("content-type", b"application/json")]
        await producer.send_and_wait(f"ingress.{ORGANISATION}", value, key=event_id.encode(), headers=headers)
        self._recorder.answer(event_id, "sent")

    async def _answer(
        self, http: httpx.AsyncClient, method: str, url: str, body: object, headers: dict[str, str] | None = None
    ) -> httpx.Response | None:
        """A definite answer or none; 503 is none, and any other fault of the server breaks a word."""
        try:
            answer = await http.request(method, url, json=body, headers=headers)
        except httpx.TransportError:
            return None
        if answer.status_code > 503 or 500 <= answer.status_code < 503:
            self.violations.append(("doors", f"{method} {url} was answered {answer.status_code}: {answer.text[:200]}"))
        return None if answer.is_server_error else answer
