"""The whole system twice over: two replicas of each service, every link between the parts through the proxy."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import asyncpg
import httpx
from local.children import free_port, wait_for
from local.demo import BEGIN, set_clock
from local.kafka import Kafka
from local.places import SERVICES, YEAR, story
from local.system import System

from tests.torture.proxy import Proxy

TOLD = story(YEAR)
REPLICAS = tuple(f"{name}{suffix}" for name in SERVICES for suffix in ("", "-2"))
SESSION_MS = 3000


Whole = TypeVar("Whole", bound="Twofold")


class FarKafka(Kafka):
    """Tells its clients to come through the proxy."""

    def __init__(self, folder: Path, told: int) -> None:
        super().__init__(folder)
        self._told = told

    def _settings(self) -> dict[str, object]:
        return super()._settings() | {"advertised.listeners": f"PLAINTEXT://127.0.0.1:{self._told}"}


class Twofold(System):
    """`source` holds a changed copy of the product's rooms, read before the product itself."""

    def __init__(self, folder: Path, say: Callable[[str], None], source: Path | None = None) -> None:
        super().__init__(folder, simulated=True, say=say, catalogue=TOLD.catalogue, recipients=TOLD.recipients)
        self.ports = {name: (free_port(), free_port()) for name in SERVICES}  # others may run
        self.inbox, self.smtp = free_port(), free_port()
        self.proxy = Proxy()
        self.far = {name: free_port() for name in ("postgres", "kafka", "smtp")}
        self.kafka = FarKafka(folder / "kafka", self.far["kafka"])
        self.second = {name: (free_port(), free_port()) for name in SERVICES}
        self._source = source

    def start(self) -> None:
        near = {"postgres": self.postgres.port, "kafka": self.kafka.port, "smtp": self.smtp}
        for name, port in self.far.items():
            self.proxy.add(name, port, near[name])
        super().start()
        for name in SERVICES:
            port, internal = self.second[name]
            env = self.environment(name) | {"LOFTESKOLLEN_PORT": str(port), "LOFTESKOLLEN_INTERNAL_PORT": str(internal)}
            self.supervisor.start(f"{name}-2", self.serving(name), log=self._log(f"{name}-2"), env=env)
        self.wait_ready()

    def stop(self) -> None:
        for child in self.supervisor.children.values():
            if child.process.poll() is None:
                os.killpg(child.process.pid, signal.SIGKILL)
        super().stop()
        self.proxy.stop()

    def environment(self, service: str) -> dict[str, str]:
        found = super().environment(service)
        url = urlsplit(found["LOFTESKOLLEN_DATABASE_URL"])
        found["LOFTESKOLLEN_DATABASE_URL"] = f"postgresql://{url.username}@127.0.0.1:{self.far['postgres']}{url.path}"
        found["LOFTESKOLLEN_KAFKA_BOOTSTRAP"] = f"127.0.0.1:{self.far['kafka']}"
        found["LOFTESKOLLEN_SMTP_PORT"] = str(self.far["smtp"])
        found["LOFTESKOLLEN_KAFKA_SESSION_TIMEOUT_MS"] = str(SESSION_MS)
        if self._source:
            rooms = sorted(self._source.glob("**/src"))
            found["PYTHONPATH"] = os.pathsep.join(str(room) for room in rooms)
        return found

    def doors(self, service: str) -> tuple[str, str]:
        """The API of both replicas."""
        return self.api(service), f"http://127.0.0.1:{self.second[service][0]}"

    def logs(self) -> Iterator[Path]:
        return (self.folder / "logs").glob("*.log")

    def kill(self, service: str) -> None:
        """At once, whatever it is: a replica, `kafka` or `postgres`."""
        if service == "kafka":
            self.kafka.kill()
        elif service == "postgres":
            self.postgres.kill()
        else:
            self.signal(service, signal.SIGKILL)

    def signal(self, replica: str, what: signal.Signals) -> None:
        process = self.supervisor.children[replica].process
        if process.poll() is None:
            process.send_signal(what)

    def readiness(self) -> Iterator[tuple[str, str]]:
        for name in SERVICES:
            yield name, f"{self.internal(name)}/readyz"
            yield f"{name}-2", f"http://127.0.0.1:{self.second[name][1]}/readyz"

    def wait_ready(self) -> None:
        for name, url in self.readiness():
            process = self.supervisor.children[name].process
            wait_for(lambda url=url: _says_yes(url), process, log=self._log(name), what=name)  # type: ignore[misc]

    async def fill_connections(self, seconds: float) -> None:
        """Take every connection PostgreSQL has left, for a while."""
        held: list[asyncpg.Connection] = []
        try:
            while True:
                held.append(await asyncpg.connect(self.dsn("promises"), timeout=3))
        except (asyncpg.PostgresError, OSError, TimeoutError):
            await asyncio.sleep(seconds)
        finally:
            for each in held:
                each.terminate()


@contextmanager
def tortured(new: Callable[[Path, Callable[[str], None]], Whole]) -> Iterator[Whole]:
    """A system on fresh data, from the first of the year; its data stays when it was stopped."""
    folder = Path(tempfile.mkdtemp(prefix="lofteskollen-torture-", dir="/tmp"))
    folder.chmod(0o755)
    set_clock(folder / "clock", BEGIN)
    with (folder / "said.log").open("a", encoding="utf-8") as said:
        system = new(folder, lambda line: print(line, file=said, flush=True))
        try:
            system.start()
            yield system
        finally:
            system.stop()


def _says_yes(url: str) -> bool:
    try:
        return httpx.get(url, timeout=3).is_success
    except httpx.HTTPError:
        return False
