"""The live system with Prometheus and Alertmanager beside it; the times of rules and routes are 60 times shorter."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx
from local.children import free_port
from local.demo import set_clock
from local.observability import DEPLOYED, Observability
from local.places import ONE_PROMISE, ORGANISATIONS, SERVICES, story
from local.quiet import settle
from local.system import System

from services.notifications.tests.mail_server import Door, Inbox
from tests.alerts.shortened import shorten
from tests.alerts.told import Told
from tests.year import at

FACTOR, EVERY = 60, "1s"
ENOUGH = 120.0
TOLD = story(ONE_PROMISE)
Answer = TypeVar("Answer")


def until(what: str, holds: Callable[[], bool]) -> None:
    """Ask until it holds; the failure says what was waited for."""
    assert comes(holds), f"{what}: not within {ENOUGH:.0f} s"


def comes(holds: Callable[[], bool]) -> bool:
    """Ask until it holds; False if it did not in time."""
    end = time.monotonic() + ENOUGH
    while not (there := holds()) and time.monotonic() < end:
        time.sleep(0.1)
    return there


class Watched(System):
    """One promise of the demonstration in simulated time, which the faults set; its mail server does as it is told."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            folder, simulated=True, say=lambda _: None, catalogue=TOLD.catalogue, recipients=TOLD.recipients
        )
        self.ports = {name: (free_port(), free_port()) for name in SERVICES}  # others may run
        self.inbox = free_port()
        self.told = Told()
        self.mail_server = Inbox()
        self.stamp = folder / "stamp"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        targets = {name: self.internal(name) for name in SERVICES}
        deployed = shorten(DEPLOYED, folder / "deployed", FACTOR)
        routes = deployed / "alertmanager.yml"
        routes.write_text(routes.read_text(encoding="utf-8").replace(":9094/", f":{self.told.port}/"), encoding="utf-8")
        self.observability: Observability = Observability(
            folder / "observability", targets, every=EVERY, deployed=deployed
        )

    def start(self) -> None:
        self.stamp.touch()
        self._thread.start()
        self._door = self._there(self._take_mails())
        super().start()
        self.settle()

    def stop(self) -> None:
        super().stop()
        self.told.stop()
        self._there(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def environment(self, service: str) -> dict[str, str]:
        own = {"LOFTESKOLLEN_BACKUP_STAMP": str(self.stamp), "LOFTESKOLLEN_SMTP_PORT": str(self.mail_server.port)}
        return super().environment(service) | own

    async def _take_mails(self) -> asyncio.Server:
        new = partial(Door, self.mail_server, hostname="inbox", loop=self._loop)
        door = await self._loop.create_server(new, "127.0.0.1", 0)
        self.mail_server.port = door.sockets[0].getsockname()[1]
        return door

    async def _leave(self) -> None:
        self._door.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for each in others:
            each.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def settle(self) -> None:
        """Wait until nothing waits anywhere."""

        async def quiet() -> None:
            async with httpx.AsyncClient(timeout=30) as http:
                await settle(self, http)

        asyncio.run(quiet())

    def now(self, moment: str) -> None:
        """Let it be this moment in Umeå; both organisations report, so that no feed falls silent."""
        set_clock(self.clock, at(moment))
        for organisation in ORGANISATIONS:
            self.report(f"alive/{moment}", organisation)

    def report(self, reference: str, organisation: str = ORGANISATIONS[0], **said: Any) -> int:  # noqa: ANN401
        """Report something that counts for nothing unless `said` makes it count; answer the status."""
        body = {
            "event_id": reference,
            "reference": reference,
            "municipality": "2480",
            "occurred_at": self.clock.read_text(encoding="ascii"),
            "obligations": ["cykel-gang"],
        }
        headers = {"authorization": f"Bearer {self.keys.token(organisation)}"}
        url = f"{self.api('activities')}/v1/activities"
        return httpx.post(url, json=body | said, headers=headers, timeout=30).status_code

    def told_by(self, service: str, path: str) -> str:
        """What an organisation reads there."""
        headers = {"authorization": f"Bearer {self.keys.token(ORGANISATIONS[0])}"}
        return httpx.get(self.api(service) + path, headers=headers, timeout=30).raise_for_status().text

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Reports come one after another all the while."""
        over = threading.Event()

        def go_on() -> None:
            number = 0
            while not over.wait(0.2):
                number += 1
                self.report(f"{id(over)}/{number}")

        sender = threading.Thread(target=go_on)
        sender.start()
        try:
            yield
        finally:
            over.set()
            sender.join()

    def sql(self, service: str, statement: str) -> None:
        """Do something to a service's database, as its own role."""

        async def do() -> None:
            connection = await asyncpg.connect(self.dsn(service))
            await connection.execute(statement)
            await connection.close()

        asyncio.run(do())

    @contextmanager
    def transaction(self, service: str, statement: str) -> Iterator[None]:
        """Somebody began a transaction with this statement and went away."""

        async def begin() -> asyncpg.Connection:
            connection = await asyncpg.connect(self.dsn(service))
            await connection.execute(f"BEGIN; {statement}")
            return connection

        connection = self._there(begin())
        try:
            yield
        finally:
            self._there(connection.close())

    @contextmanager
    def locking(self, service: str, statements: str) -> Iterator[None]:
        """Somebody does this again and again, a transaction each time."""

        async def go_on() -> None:
            connection = await asyncpg.connect(self.dsn(service))
            try:
                while True:
                    await connection.execute(f"BEGIN; {statements}; COMMIT")
                    await asyncio.sleep(0.1)  # so long it is free for others
            finally:
                await connection.close()

        doing = asyncio.run_coroutine_threadsafe(go_on(), self._loop)
        try:
            yield
        finally:
            doing.cancel()

    def command(self, *words: str) -> str:
        """What an operator types: a service and its command; answer what it said."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            env=self.environment(words[0]),
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def calm(self) -> None:
        """Wait until no alert is raised, nor about to be, and everybody was told so."""
        until("no alert is raised", lambda: not self.raised() and not self.told.open())

    def raised(self) -> set[str]:
        """The alerts that Prometheus knows of, also those that it has not told yet."""
        answer = httpx.get(f"{self.observability.url}/api/v1/alerts").json()
        return {each["labels"]["alertname"] for each in answer["data"]["alerts"]}

    def silenced(self) -> set[str]:
        """The alerts of which nobody is told, since their cause is."""
        answer = httpx.get(f"{self.observability.alerts_url}/api/v2/alerts").json()
        return {each["labels"]["alertname"] for each in answer if each["status"]["inhibitedBy"]}

    def _there(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)
