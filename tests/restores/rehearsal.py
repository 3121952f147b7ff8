"""Puts databases and topics back while the demonstration plays, and mends them as an operator would."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from local.closing import Outcome
from local.demo import ZONE
from local.places import ONE_PROMISE, story
from local.postgres import BINARIES
from local.system import System

from local import closing
from tests.upgrade.archive import dumped
from tests.year import played, running

TOLD = story(ONE_PROMISE)
Result = TypeVar("Result")
Deed = Callable[[System], None]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def rehearse(folder: Path, deeds: Mapping[str, Deed], after: Deed = lambda _: None) -> Outcome:
    """Play the one promise's year, each deed at its time, amid the work; the whole system stands still meanwhile."""
    left = {at(text): deed for text, deed in deeds.items()}
    with running(folder, TOLD) as system:

        async def during(now: datetime) -> None:
            if deed := left.pop(now, None):
                deed(system)

        outcome = asyncio.run(played(system, during, TOLD))
        after(system)
    assert not left, "the year did not stop at these moments"
    return outcome


def ends_as_told(outcome: Outcome) -> bool:
    """Every standing, every mail once, every refusal."""
    assert closing.differences(outcome, TOLD.expected) == []
    assert len(set(outcome.message_ids)) == len(outcome.message_ids) == 9
    return True


def halt(system: System, *services: str) -> None:
    """Kill services; nobody starts them again while a deed is done."""
    for service in services:
        system.kill(service)
        system.supervisor.children[service].process.wait()


def command(system: System, service: str, *words: str) -> tuple[int, str]:
    """Give a command with the settings of a service; answers its status and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", service, *words],
        env=system.environment(service),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def mended(system: System, service: str, *words: str) -> str:
    """Give a command that must succeed."""
    status, said = command(system, service, *words)
    assert status == 0, said
    return said


def refuses(system: System, service: str, *remedies: str) -> None:
    """The service ends at its start, naming the remedies."""
    status, said = command(system, service, "serve")
    assert status == 1, said
    assert all(f"remedy: python -m {service} {remedy}" in said for remedy in remedies), said
    assert "Traceback" not in said


class Backup:
    """A dump of a service's database, and the way back to it."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._sql = ""

    def take(self, system: System) -> None:
        self._sql = dumped(system, self.service)

    def put_back(self, system: System) -> None:
        """What was written since is lost."""
        psql = [str(BINARIES / "psql"), "-q", "-v", "ON_ERROR_STOP=1", system.dsn(self.service)]
        sql = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;" + self._sql
        subprocess.run(psql, input=sql, check=True, capture_output=True, text=True)


def aside(work: Coroutine[Any, Any, Result]) -> Result:
    """Do something asynchronous while the loop that plays the year stands still."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def rows(system: System, service: str, sql: str) -> list[Any]:
    """What a question to a service's database answers."""
    connection = await asyncpg.connect(system.dsn(service))
    try:
        return list(await connection.fetch(sql))
    finally:
        await connection.close()
