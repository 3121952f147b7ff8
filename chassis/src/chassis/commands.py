"""The commands every service has: serve, migrate, inspect, dead-letters."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import asyncpg
from pydantic import ValidationError

from chassis import dead_letters, logs, outbox, positions
from chassis.database import connect
from chassis.faults import TRANSIENT
from chassis.migrate import MigrationError, migrate
from chassis.settings import Settings, complaints, listed
from chassis.watermarks import Watermarks

SAID: tuple[type[BaseException], ...] = (*TRANSIENT, asyncpg.PostgresError, MigrationError)
"""Faults that end a command with a sentence; anything else is ours to mend."""

Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no public name


class Service(NamedTuple):
    """What the commands need to know: `reads` is a pattern of topics, `new_settings` reads the environment."""

    name: str
    about: str
    serve: Callable[[Any], Awaitable[None]]
    reads: str
    new_settings: type[Settings] = Settings


def main(service: Service, more: Callable[[Words], None] = lambda _: None, argv: Sequence[str] | None = None) -> int:
    """Run a command; answers the exit status. `more` adds a service's own commands (`run` takes args and settings)."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {service.name}",
        description=service.about,
        epilog=f"settings, from the environment:\n{listed(service.new_settings)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    words.add_parser("serve", help="run the service until it is told to stop").set_defaults(run=_serve)
    words.add_parser("migrate", help="bring the database to this version").set_defaults(run=_migrate)
    words.add_parser("inspect", help="show what waits: outbox, positions, records behind").set_defaults(run=_inspect)
    letters = words.add_parser("dead-letters", help="list records that were set aside, and why")
    letters.add_argument("--json", action="store_true", help="one JSON list, for programs")
    letters.set_defaults(run=_dead_letters)
    more(words)
    args = parser.parse_args(argv)
    logs.configure()
    try:
        settings = None if getattr(args, "standalone", False) else service.new_settings()
        asyncio.run(args.run(args, service, settings))
    except ValidationError as error:
        print(complaints(error), file=sys.stderr)  # noqa: T201
        return 2
    except SAID as error:
        print(f"{service.name}: {error or type(error).__name__}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


async def _serve(_: argparse.Namespace, service: Service, settings: Settings) -> None:
    await service.serve(settings)


async def _migrate(_: argparse.Namespace, service: Service, settings: Settings) -> None:
    applied = await migrate(settings, service.name)
    print(f"{service.name}: " + (", ".join(applied) or "nothing to apply, the database is at this version"))  # noqa: T201


async def _dead_letters(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    database = await connect(settings, service.name)
    async with database.pool.acquire() as sql:
        found = await dead_letters.listing(sql)
    await database.close()
    if args.json:
        print(json.dumps(found, default=str, ensure_ascii=False))  # noqa: T201
        return
    for letter in found:
        place = f"{letter['topic']}[{letter['partition']}]@{letter['offset']}"
        print(f"{letter['recorded_at']:%Y-%m-%d %H:%M}  {place}  {letter['reason']}: {letter['detail']}")  # noqa: T201
    print(f"{len(found)} dead letter(s)")  # noqa: T201


async def _inspect(_: argparse.Namespace, service: Service, settings: Settings) -> None:
    database, watermarks = await connect(settings, service.name), Watermarks(settings)
    try:
        async with database.pool.acquire() as sql:
            print(f"outbox: {await outbox.depth(sql)} row(s)")  # noqa: T201
        ends, there = await watermarks.ends(service.reads), await positions.read(database.pool)
        for place, end in sorted(ends.items()):
            behind = end - there.get(place, 0)
            print(f"{place.topic}[{place.partition}]: next {there.get(place, 0)}, {behind} behind")  # noqa: T201
    finally:
        await watermarks.close()
        await database.close()
