"""The service as a process: Kafka in, mail out, Kafka out, and what its operators see."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from chassis.migrate import migrate
from chassis.settings import Settings
from contracts.envelope import binary
from contracts.promises import DeadlineState
from contracts.topics import DEADLINES, HOUSE, NOTIFICATIONS

from tests.topics import recreate

if TYPE_CHECKING:
    from services.notifications.tests.conftest import Deadlines
    from services.notifications.tests.mail_server import Inbox

ADDRESS = "trafik@umea.example"


@dataclass
class Running:
    """The process, its internal port and what it wrote."""

    process: asyncio.subprocess.Process
    http: httpx.AsyncClient
    clock_file: Path
    log: Path

    def set_clock(self, moment: str) -> None:
        new = self.clock_file.with_suffix(".new")
        new.write_text(moment, encoding="ascii")
        new.replace(self.clock_file)

    async def info(self) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.http.get("/info")).json()
        return answer

    async def until(self, **wanted: object) -> None:
        """Poll `/info` until it says so; `pending` is what waits in all."""
        async with asyncio.timeout(30):
            while True:
                info = await self.info()
                seen = info | {"pending": sum(info["pending"].values())}
                if all(seen[name] == value for name, value in wanted.items()):
                    return
                await asyncio.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def environment(settings: Settings, inbox: "Inbox", tmp_path: Path, unique: str) -> dict[str, str]:
    recipients = tmp_path / "recipients.yaml"
    recipients.write_text(
        f"recipients: [{{organisation: {unique}, role: owner, name: Trafik, address: {ADDRESS}}}]", encoding="utf-8"
    )
    (tmp_path / "clock").write_text("2026-01-07T06:29:59Z", encoding="ascii")
    named = {
        "DATABASE_URL": settings.database_url,
        "KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "KAFKA_SESSION_TIMEOUT_MS": "6000",
        "CLOCK_FILE": tmp_path / "clock",
        "INTERNAL_PORT": free_port(),
        "RECIPIENTS_FILE": recipients,
        "MAIL_FROM": "loften@umea.example",
        "LINK": "https://umea.example/rapportera",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": inbox.port,
        "SMTP_SECURITY": "none",
    }
    return os.environ | {f"LOFTESKOLLEN_{name}": str(value) for name, value in named.items()}


async def start(environment: dict[str, str], log: Path) -> asyncio.subprocess.Process:
    with log.open("wb") as file:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "notifications", "serve", env=environment, stderr=file, stdout=file
        )


@pytest.fixture
async def running(settings: Settings, environment: dict[str, str], tmp_path: Path) -> AsyncIterator[Running]:
    await recreate(settings, HOUSE)
    await migrate(settings, "notifications")
    process = await start(environment, tmp_path / "log")
    port = environment["LOFTESKOLLEN_INTERNAL_PORT"]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        try:
            async with asyncio.timeout(30):
                while not await ready(http):
                    assert process.returncode is None, (tmp_path / "log").read_text()
                    await asyncio.sleep(0.05)
            yield Running(process, http, tmp_path / "clock", tmp_path / "log")
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


async def publish(settings: Settings, event: DeadlineState) -> None:
    headers, value = binary(
        event_id=f"{event.deadline_id}/{event.revision}",
        source="/services/promises",
        subject=str(event.deadline_id),
        time=event.occurred_at,
        data=event,
    )
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap) as producer:
        await producer.send_and_wait(DEADLINES.name, value, key=event.municipality.encode(), headers=headers)


async def said_of(settings: Settings, organisation: str) -> bytes:
    """The first record on `notifications` that speaks of an organisation, headers included."""
    consumer = AIOKafkaConsumer(
        NOTIFICATIONS.name, bootstrap_servers=settings.kafka_bootstrap, auto_offset_reset="earliest"
    )
    async with consumer, asyncio.timeout(20):
        async for record in consumer:
            if organisation.encode() in record.value:
                return b"".join([record.value, *(value for _, value in record.headers)])
    raise AssertionError("nothing was said")


async def test_4_17_a_deadline_on_kafka_becomes_a_mail_a_listing_and_an_event_without_an_address(
    running: Running, settings: Settings, deadline: "Deadlines", inbox: "Inbox", unique: str
) -> None:
    told = datetime(2026, 1, 6, 23, tzinfo=UTC)
    event = deadline.approaching(occurred_at=told, obligation=unique, owners=(unique,), awaited=(unique,))
    await publish(settings, event)
    await running.until(pending=0, next_at="2026-01-07T06:30:00Z")
    assert (inbox.kept, (await running.http.get("/v1/mails")).json()) == ([], [])

    running.set_clock("2026-01-07T06:30:00Z")
    said = await said_of(settings, unique)
    await running.until(pending=0, next_at=None)
    assert [to for to, _ in inbox.kept] == [ADDRESS]

    listing = await running.http.get("/v1/mails")
    (mail,) = listing.json()
    assert mail["message_id"] == inbox.kept[0][1]["Message-ID"]
    assert (mail["state"], mail["digest_day"], mail["organisation"]) == ("sent", "2026-01-07", unique)
    assert [(attempt["outcome"], attempt["code"]) for attempt in mail["attempts"]] == [("sent", 250)]
    metrics = (await running.http.get("/metrics")).text
    assert 'lofteskollen_mails{state="sent"}' in metrics

    running.process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(running.process.wait(), 20) == 0
    log = running.log.read_text(encoding="utf-8")
    assert "mail attempted" in log
    for place in (said.decode(), listing.text, metrics, log):
        assert ADDRESS not in place
        assert "polisen.example" not in place


async def test_a_wrong_recipients_file_stops_the_start_with_a_sentence_and_no_address(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "recipients.yaml").write_text(
        f"recipients: [{{organisation: umea-kommun, role: boss, name: Trafik, address: {ADDRESS}}}]", encoding="utf-8"
    )
    process = await start(environment, tmp_path / "log")
    assert await asyncio.wait_for(process.wait(), 30) == 1
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "LOFTESKOLLEN_RECIPIENTS_FILE is refused:\nrecipients.yaml:1: recipients.0.role: it must be" in log
    assert ADDRESS not in log
