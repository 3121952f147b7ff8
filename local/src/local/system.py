"""The whole system on this machine: servers, topics, databases, catalogue, services, each process in its place."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from local.asking import ask
from local.children import StartError, free_port, spawn, tail, wait_for
from local.claim import claim
from local.kafka import Kafka
from local.observability import Observability
from local.places import API, CATALOGUE, INBOX, INTERNAL, ORGANISATIONS, RECIPIENTS, SERVICES, SMTP
from local.postgres import Postgres
from local.supervisor import POLL, Supervisor
from local.tokens import Keys


class System:
    """Everything lives in `folder`. `simulated` services follow the clock file; `say` gets one line a step."""

    def __init__(
        self,
        folder: Path,
        *,
        simulated: bool,
        say: Callable[[str], None],
        catalogue: Path = CATALOGUE,
        recipients: Path = RECIPIENTS,
        observed: bool = False,
    ) -> None:
        self.folder = folder
        self.clock = folder / "clock"
        self.keys = Keys(folder / "keys")
        self.kafka = Kafka(folder / "kafka")
        self.postgres = Postgres(folder / "postgres")
        self.supervisor = Supervisor(say)
        self.ports = {name: (free_port(API + n), free_port(INTERNAL + n)) for n, name in enumerate(SERVICES)}
        self.inbox, self.smtp = free_port(INBOX), free_port(SMTP)
        targets = {name: self.internal(name) for name in SERVICES}
        self.observability = Observability(folder / "observability", targets) if observed else None
        self._simulated = simulated
        self._catalogue, self._recipients = catalogue, recipients
        self._say = say
        self._databases: dict[str, str] = {}
        self._threads = ThreadPoolExecutor(2)  # children die with the thread that started them, so it is kept

    def start(self) -> None:
        """Bring everything up, in dependency order, and wait until every service is ready.

        Raises:
            StartError: with the part that did not come up and the end of its log.
        """
        began = time.monotonic()
        self._prepare()
        kafka = self._threads.submit(self.kafka.start)
        self._start_inbox()
        self.postgres.start()
        self._say(f"PostgreSQL answers on port {self.postgres.port}")
        self._databases = {name: self.postgres.create_database(name) for name in SERVICES}
        self._run({f"migrate {name}": (name, "migrate") for name in SERVICES})
        kafka.result()
        self._say(f"Kafka answers on port {self.kafka.port}")
        self._run(
            {
                "create topics": ("chassis.topics", *ORGANISATIONS),
                "load catalogue": ("promises", "catalogue", "load", str(self._catalogue)),
            }
        )
        for name in SERVICES:
            self.supervisor.start(name, self.serving(name), log=self._log(name), env=self.environment(name))
        for name in SERVICES:
            self._wait_ready(name)
        if self.observability:
            self.observability.start(self.supervisor, self.folder / "logs")
        self._say(f"all services are ready, {time.monotonic() - began:.1f} s after the start")

    def stop(self) -> None:
        """End everything in reverse order."""
        self.supervisor.stop()
        for server in (self.kafka, self.postgres):
            try:
                server.stop()
            except RuntimeError:
                continue
        self._threads.shutdown()

    def serving(self, service: str) -> list[str]:
        """The command that runs a service."""
        return _python(service, "serve")

    def api(self, service: str) -> str:
        """Where a service's API is."""
        return f"http://127.0.0.1:{self.ports[service][0]}"

    def internal(self, service: str) -> str:
        """Where a service's health, metrics and info are."""
        return f"http://127.0.0.1:{self.ports[service][1]}"

    def login(self, _organisation: str) -> dict[str, Any]:
        """How anyone reaches Kafka, which asks for no password here."""
        return {"bootstrap_servers": self.kafka.bootstrap}

    async def mails(self, http: httpx.AsyncClient) -> list[dict[str, Any]]:
        """What the inbox holds, the first mail first."""
        found: list[dict[str, Any]] = (await ask(http, "GET", f"{self.inbox_page}/api/mails")).json()
        return found

    def dsn(self, service: str) -> str:
        """A service's database, password included."""
        return self._databases[service]

    @property
    def inbox_page(self) -> str:
        """Where the mails are shown."""
        return f"http://127.0.0.1:{self.inbox}"

    @property
    def pages(self) -> Path:
        """Pages laid here are shown beside the inbox."""
        return self.folder / "mails"

    async def watch(self) -> None:
        """Start again whatever ended, servers too, until cancelled."""
        await asyncio.gather(
            self.supervisor.watch(), self._watch(self.kafka, "Kafka"), self._watch(self.postgres, "PostgreSQL")
        )

    async def _watch(self, server: Kafka | Postgres, name: str) -> None:
        while True:
            if (status := server.process.poll()) is not None:
                self._say(f"{name} ended with status {status}; starting it again ({server.log})")
                try:
                    await asyncio.get_running_loop().run_in_executor(self._threads, server.start)
                except StartError as error:
                    self._say(f"{error}; trying again")
                    await asyncio.sleep(1)
            await asyncio.sleep(POLL)

    def kill(self, service: str) -> None:
        """End a service, or `kafka`, at once, as a power cut would; whoever watches starts it again."""
        process = self.kafka.process if service == "kafka" else self.supervisor.children[service].process
        process.send_signal(signal.SIGKILL)

    def environment(self, service: str) -> dict[str, str]:
        """The settings of a service, as an operator would give them."""
        url = urlsplit(self._databases[service])
        password = self._secret(service, url.password or "")
        settings: dict[str, object] = {
            "DATABASE_URL": f"postgresql://{url.username}@127.0.0.1:{self.postgres.port}/{service}",
            "DATABASE_PASSWORD_FILE": password,
            "KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            "KAFKA_SESSION_TIMEOUT_MS": 4000,
            "PORT": self.ports[service][0],
            "INTERNAL_PORT": self.ports[service][1],
            "JWKS_FILE": self.keys.jwks,
            "RECIPIENTS_FILE": self.recipients,
            "MAIL_FROM": "lofteskollen@lofteskollen.example",
            "LINK": f"{self.api('activities')}/docs",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": self.smtp,
            "SMTP_SECURITY": "none",
        }
        clock = {"CLOCK_FILE": self.clock} if self._simulated else {}
        return dict(os.environ) | {f"LOFTESKOLLEN_{name}": str(value) for name, value in (settings | clock).items()}

    @property
    def recipients(self) -> Path:
        """Who is mailed; edit it, the service follows."""
        return self.folder / "recipients.yaml"

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        claim(self.folder)
        (self.folder / "logs").mkdir(exist_ok=True)
        (self.folder / "secrets").mkdir(mode=0o700, exist_ok=True)
        self.keys.ensure()
        if not self.recipients.exists():
            shutil.copy(self._recipients, self.recipients)

    def _secret(self, name: str, text: str) -> Path:
        place = self.folder / "secrets" / name
        place.touch(mode=0o600)
        place.write_text(text, encoding="utf-8")
        return place

    def _log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def _start_inbox(self) -> None:
        mails = str(self.folder / "mails")
        command = _python("local.inbox", mails, f"--smtp-port={self.smtp}", f"--port={self.inbox}")
        self.supervisor.start("inbox", command, log=self._log("inbox"), env=dict(os.environ))

    def _run(self, commands: Mapping[str, tuple[str, ...]]) -> None:
        """Run commands side by side, each with the settings of the service it belongs to."""
        running: dict[str, subprocess.Popen[bytes]] = {}
        for what, command in commands.items():
            service = command[0] if command[0] in SERVICES else SERVICES[0]
            log = self._log(what.replace(" ", "-"))
            running[what] = spawn(_python(*command), log=log, env=self.environment(service))
        for what, process in running.items():
            if process.wait(120):
                raise StartError(f"{what} failed:\n{tail(self._log(what.replace(' ', '-')))}")
            self._say(f"{what}: done")

    def _wait_ready(self, name: str) -> None:
        def answers() -> bool:
            try:
                return httpx.get(f"{self.internal(name)}/readyz", timeout=3).is_success
            except httpx.HTTPError:
                return False

        wait_for(answers, self.supervisor.children[name].process, log=self._log(name), what=name)


def _python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]
