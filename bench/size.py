"""`python -m bench.size`: measures memory and disk on the whole system and writes them into docs/operating.md."""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx
import psutil
from local.demo import BEGIN, ZONE, set_clock
from local.doors import Doors
from local.extra import Extra
from local.places import SERVICES
from local.quiet import settle
from local.system import System

from bench.marks import put

START, STOP = "<!-- sizes: written by `python -m bench.size` -->", "<!-- end of sizes -->"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "operating.md"
YEAR_END = datetime(2026, 12, 31, 23, tzinfo=ZONE)
MIB = 1024**2
UNIT, ENOUGH = 100_000, 20_000
PATIENCE = 1800.0


class Sizes(NamedTuple):
    """MiB by name: memory by process, disk by place."""

    memory: dict[str, float]
    disk: dict[str, float]


def main() -> int:
    """Measure before and after so many activities, show the table, and write it unless they are too few to tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.size", description=__doc__)
    parser.add_argument("--activities", type=int, default=ENOUGH, metavar="N", help=f"default {ENOUGH:,}")
    count = parser.parse_args().activities
    with tempfile.TemporaryDirectory(prefix="lofteskollen-size-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user under root
        before, after = _measured(Path(folder) / "system", count)
    text = "\n".join(_table(before, after, count))
    sys.stdout.write(f"{text}\n")
    if count >= ENOUGH:
        put(PAGE, START, STOP, text)
    return 0


def _measured(folder: Path, count: int) -> tuple[Sizes, Sizes]:
    folder.mkdir()
    set_clock(folder / "clock", BEGIN)
    system = System(folder, simulated=True, say=lambda _: None)
    try:
        system.start()
        return asyncio.run(_before_and_after(system, count))
    finally:
        system.stop()


async def _before_and_after(system: System, count: int) -> tuple[Sizes, Sizes]:
    async with Doors(system) as doors, httpx.AsyncClient(timeout=30) as http:
        await settle(system, http, within=PATIENCE)
        before = await _sizes(system)
        set_clock(system.clock, YEAR_END)
        await Extra(count=count).send(doors, YEAR_END)
        await settle(system, http, within=PATIENCE)
        return before, await _sizes(system)


async def _sizes(system: System) -> Sizes:
    processes = {name: system.supervisor.children[name].process.pid for name in SERVICES}
    processes |= {"PostgreSQL": system.postgres.process.pid, "Kafka": system.kafka.process.pid}
    disk = {f"PostgreSQL, `{name}`": await _database(system.dsn(name)) for name in SERVICES}
    topics = [path for path in (system.kafka.folder / "data").glob("*-[0-9]*") if not path.name.startswith("__")]
    passing = [path for path in topics if path.name.startswith("ingress.")]
    disk["Kafka, what is kept"] = _files(set(topics) - set(passing))
    disk["Kafka, `ingress.*`, kept 14 days"] = _files(passing)
    return Sizes({name: _memory(pid) for name, pid in processes.items()}, disk)


def _memory(pid: int) -> float:
    """What a process and its children hold alone, and their shares of what they share."""
    parent = psutil.Process(pid)
    return sum(each.memory_full_info().pss for each in (parent, *parent.children(recursive=True))) / MIB


async def _database(dsn: str) -> float:
    connection = await asyncpg.connect(dsn)
    try:
        return float(await connection.fetchval("SELECT pg_database_size(current_database())")) / MIB
    finally:
        await connection.close()


def _files(folders: Iterable[Path]) -> float:
    """The records alone: their indexes are set aside whole and given back when a segment ends."""
    return sum(file.stat().st_size for folder in folders for file in folder.glob("*.log")) / MIB


def _table(before: Sizes, after: Sizes, count: int) -> list[str]:
    lines = [
        f"Measured {datetime.now(UTC).date()} on a machine with {os.cpu_count()} cores, with {count:,} activities.",
        "",
        "| memory, MiB | before | after them |",
        "|---|---|---|",
        *(f"| {name} | {before.memory[name]:.0f} | {after.memory[name]:.0f} |" for name in before.memory),
        f"| together | {sum(before.memory.values()):.0f} | {sum(after.memory.values()):.0f} |",
        "",
        f"| disk, MiB | empty | for {UNIT:,} activities |",
        "|---|---|---|",
    ]
    for name, empty in before.disk.items():
        lines.append(f"| {name} | {empty:.0f} | {(after.disk[name] - empty) * UNIT / count:.0f} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
