"""`python -m tests.upgrade.archive VERSION` plays the year and keeps what a later version must be able to take over."""

import argparse
import asyncio
import gzip
import json
import subprocess
import tarfile
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer
from contracts.topics import HOUSE, ingress
from local.places import ORGANISATIONS, ROOT, SERVICES, YEAR, story
from local.postgres import BINARIES
from local.system import System

from local import closing
from tests.year import played, running

FOLDER = Path(__file__).parent
TOPICS = [*(topic.name for topic in HOUSE), *(ingress(name).name for name in ORGANISATIONS)]


async def canonical(dsn: str) -> str:
    """Every row of every table as JSON, tables and rows in a fixed order: equal for equal content."""
    connection = await asyncpg.connect(dsn)
    try:
        tables = await connection.fetch(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name"
        )
        lines = []
        for (table,) in tables:
            rows = await connection.fetch(f'SELECT to_jsonb(t)::text AS row FROM "{table}" AS t ORDER BY 1')  # noqa: S608
            lines += [f"{table} {row['row']}" for row in rows]
        return "\n".join(lines) + "\n"
    finally:
        await connection.close()


async def events(bootstrap: str, topic: str) -> AsyncIterator[str]:
    """Every record of a topic as a line of JSON: partition, offset, key, headers, value."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, records in (await consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    headers = [[name, value.decode()] for name, value in record.headers]
                    kept = {"partition": place.partition, "offset": record.offset, "key": record.key.decode()}
                    yield json.dumps(kept | {"headers": headers, "value": record.value.decode()}, ensure_ascii=False)
    finally:
        await consumer.stop()


def keep(place: Path, text: str) -> None:
    """Write compressed, the same bytes for the same text."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(gzip.compress(text.encode(), mtime=0))


def dumped(system: System, service: str) -> str:
    """A service's database as SQL."""
    command = [str(BINARIES / "pg_dump"), "--no-owner", "--no-privileges", "--inserts", system.dsn(service)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def keep_code(place: Path) -> None:
    """The services as they run, so that a later version can be tried beside them."""
    with tarfile.open(place, "w:gz") as archive:
        for room in ("chassis", "contracts", *(f"services/{service}" for service in SERVICES)):
            archive.add(ROOT / room / "src", f"{room}/src", filter=_written)


def _written(found: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if found.name.endswith(("__pycache__", ".egg-info")) else found


async def _keep_all(system: System, folder: Path) -> None:
    for topic in TOPICS:
        lines = [line async for line in events(system.kafka.bootstrap, topic)]
        keep(folder / "events" / f"{topic}.jsonl.gz", "".join(f"{line}\n" for line in lines))
    for service in SERVICES:
        keep(folder / "canonical" / f"{service}.txt.gz", await canonical(system.dsn(service)))


async def _nothing(_: object) -> None:
    """No power cuts."""


def main() -> None:
    """Play, check that all came out as expected, and archive."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade.archive", description=__doc__)
    parser.add_argument("version", help="e.g. 0.1.0")
    folder, told = FOLDER / parser.parse_args().version, story(YEAR)
    with tempfile.TemporaryDirectory(prefix="lofteskollen-", dir="/tmp") as scratch:
        Path(scratch).chmod(0o755)
        with running(Path(scratch) / "year", told) as system:
            outcome = asyncio.run(played(system, _nothing, told))
            wrong = closing.differences(outcome, told.expected)
            assert not wrong, wrong
            system.supervisor.stop()
            asyncio.run(_keep_all(system, folder))
            keep_code(folder / "code.tar.gz")
            for service in SERVICES:
                keep(folder / "databases" / f"{service}.sql.gz", dumped(system, service))


if __name__ == "__main__":
    main()
