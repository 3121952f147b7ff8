"""A mail server that can misbehave, deadlines that show only what matters, and the service's parts on real servers."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from chassis.database import Database, connect
from chassis.lease import Lease
from chassis.migrate import migrate
from contracts.promises import DeadlineApproaching, DeadlineMissed, DeadlineSettled, DeadlineState
from notifications.application.digests import Digests
from notifications.application.ingest import keep
from notifications.application.sending import Sender
from notifications.domain.schedule import ZONE
from notifications.recipients import Recipients
from notifications.scheduler import Scheduler
from notifications.settings import Settings
from notifications.smtp import Server

from services.notifications.tests.mail_server import Door, Inbox
from tests.hand_clock import HandClock

POLICE, TOWN = "polisen-lpo-umea", "umea-kommun"
RECIPIENTS = """
organisations:
  polisen-lpo-umea: {sv: Polisen i Umeå, en: Umeå police}
  umea-kommun: {sv: Umeå kommun, en: Umeå municipality}
recipients:
  - {organisation: polisen-lpo-umea, role: owner, name: Kommunpolisen, address: polis@polisen.example}
  - {organisation: umea-kommun, role: owner, name: Trafiksamordnaren, address: trafik@umea.example}
"""


@pytest.fixture
async def inbox() -> AsyncIterator[Inbox]:
    box = Inbox()
    loop = asyncio.get_running_loop()
    door = await loop.create_server(lambda: Door(box, hostname="inbox", loop=loop), "127.0.0.1", 0)
    box.port = door.sockets[0].getsockname()[1]
    async with door:
        yield box


class Deadlines:
    """Events about the autumn slot of `cykel-gang`, or of another obligation, with what a test wants changed."""

    def approaching(self, revision: int = 1, stage: str = "days_20", **changes: Any) -> DeadlineApproaching:  # noqa: ANN401
        told = {"stage": stage, "stage_date": date(2026, 11, 2), "mails": ("owner",)}
        return DeadlineApproaching(**(self._state(revision) | told | _identified(changes)))

    def missed(self, revision: int = 1, **changes: Any) -> DeadlineMissed:  # noqa: ANN401
        told = {"stage": "missed", "stage_date": date(2026, 12, 15), "mails": ("owner", "manager")}
        return DeadlineMissed(**(self._state(revision) | told | _identified(changes)))

    def settled(self, revision: int = 2, **changes: Any) -> DeadlineSettled:  # noqa: ANN401
        over = {"awaited": (), "reported": (POLICE, TOWN), "cause": "fulfilled"}
        return DeadlineSettled(**(self._state(revision) | over | _identified(changes)))

    def _state(self, revision: int) -> dict[str, Any]:
        return {
            "deadline_id": uuid5(NAMESPACE_URL, "cykel-gang"),
            "revision": revision,
            "municipality": "2480",
            "municipality_name": "Umeå",
            "promise": "cykel-gang",
            "obligation": "cykel-gang",
            "title_sv": "Cyklister och gångtrafikanter",
            "title_en": "Cyclists and pedestrians",
            "quote": "Polisen tillsammans med Umeå kommun lovar insatser.",
            "period": "2026",
            "slot": "autumn",
            "slot_sv": "höstens insats",
            "slot_en": "the autumn operation",
            "first_day": date(2026, 9, 1),
            "last_day": date(2026, 11, 30),
            "leaflet_basis": True,
            "owners": (POLICE, TOWN),
            "awaited": (POLICE, TOWN),
            "missing_sv": ("En insats om reflexer.",),
            "missing_en": ("An operation on reflectors.",),
            "occurred_at": datetime(2026, 11, 1, 23, tzinfo=UTC),
        }


def _identified(changes: dict[str, Any]) -> dict[str, Any]:
    """Another obligation or municipality is another deadline."""
    if not {"obligation", "municipality"} & changes.keys():
        return changes
    name = f"{changes.get('municipality', '2480')}/{changes.get('obligation', 'cykel-gang')}"
    return {"deadline_id": uuid5(NAMESPACE_URL, name)} | changes


@pytest.fixture
def deadline() -> Deadlines:
    return Deadlines()


class House:
    """The service's parts on a fresh database, a mail server, a recipients file and a clock set by hand."""

    def __init__(self, database: Database, settings: Settings, inbox: Inbox) -> None:
        self.database = database
        self.settings = settings
        self.inbox = inbox
        self.clock = HandClock()
        self.recipients = Recipients(settings.recipients_file)
        self.scheduler = self.replica()

    def replica(self) -> Scheduler:
        """One more that would like to send."""
        lease = Lease("sender", lasts=timedelta(seconds=5))
        digests = Digests(self.database, self.recipients.book, self.settings.mail_from, self.settings.quiet_time)
        return Scheduler(self.database, self.clock, lease, digests, self.sender(lease))

    def sender(self, lease: Lease) -> Sender:
        """What sends for whoever holds the lease."""
        server, book = Server(self.settings), self.recipients.book
        return Sender(self.database, self.clock, lease, server=server, book=book, settings=self.settings)

    def write_recipients(self, text: str) -> None:
        """Replace the file as editors do."""
        new = self.settings.recipients_file.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.settings.recipients_file)

    async def tell(self, *events: DeadlineState, trace: str | None = None) -> None:
        """One batch of events in one transaction."""
        async with self.database.transaction() as work:
            await keep(work, events, [trace] * len(events))

    def set_clock(self, local: str) -> None:
        self.clock.moment = datetime.fromisoformat(local).replace(tzinfo=ZONE)

    async def at(self, local: str, scheduler: Scheduler | None = None) -> None:
        """Work once at this local time of Sweden."""
        self.set_clock(local)
        scheduler = scheduler or self.scheduler
        await scheduler.hold()
        await scheduler.once()

    async def until(self, *states: str) -> None:
        """Work on until the mails are in these states; pauses between attempts are real time."""
        async with asyncio.timeout(30):
            while True:
                await self.scheduler.hold()
                await self.scheduler.once()
                if await self.mails() == sorted(states):
                    return
                await asyncio.sleep(0.05)

    async def mails(self) -> list[str]:
        """The states of all mails."""
        rows = await self.database.pool.fetch("SELECT state FROM mail ORDER BY state")
        return [row["state"] for row in rows]

    async def reminders(self) -> dict[tuple[str, str, str], str]:
        """State by (stage, organisation, role)."""
        rows = await self.database.pool.fetch("SELECT * FROM reminder")
        return {(row["stage"], row["organisation"], row["role"]): row["state"] for row in rows}

    async def attempts(self) -> list[tuple[bool, str | None, int | None]]:
        """Of every attempt whether it entered DATA, its outcome and the reply's code."""
        rows = await self.database.pool.fetch("SELECT * FROM mail_attempt ORDER BY mail_id, attempt")
        return [(row["entered_data"], row["outcome"], row["code"]) for row in rows]

    async def said(self) -> list[tuple[str, dict[str, Any]]]:
        """Type and body of every event in the outbox."""
        rows = await self.database.pool.fetch("SELECT headers, value FROM outbox ORDER BY seq")
        return [(_type(row["headers"]), json.loads(row["value"])) for row in rows]


def _type(flat: Sequence[str]) -> str:
    return flat[list(flat).index("ce_type") + 1].split(".", 2)[2]


@pytest.fixture
def service_settings(dsn: str, inbox: Inbox, tmp_path: Path) -> Settings:
    file = tmp_path / "recipients.yaml"
    file.write_text(RECIPIENTS, encoding="utf-8")
    return Settings(
        database_url=dsn,
        kafka_bootstrap="127.0.0.1:9",
        recipients_file=file,
        mail_from="loften@umea.example",
        link="https://umea.example/rapportera",
        smtp_host="127.0.0.1",
        smtp_port=inbox.port,
        smtp_security="none",
    )


@pytest.fixture
async def house(service_settings: Settings, inbox: Inbox) -> AsyncIterator[House]:
    await migrate(service_settings, "notifications")
    database = await connect(service_settings, "notifications")
    yield House(database, service_settings, inbox)
    await database.close()
