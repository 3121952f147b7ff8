"""The commands every service has: serve, migrate, inspect, dead-letters, recover, republish; a service adds its own."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Sequence

import asyncpg
from pydantic import ValidationError

from chassis import exporting, logs
from chassis.commands import dead_letters, inspect, recover, republish
from chassis.commands.service import Service, Words
from chassis.faults import TRANSIENT
from chassis.migrate import MigrationError, migrate
from chassis.past import DifferenceError
from chassis.settings import Settings, complaints, listed

SAID: tuple[type[BaseException], ...] = (*TRANSIENT, asyncpg.PostgresError, MigrationError, DifferenceError)
"""Faults that end a command with a sentence; anything else is ours to mend."""

__all__ = ["SAID", "Service", "Words", "main"]


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
    for add in (inspect.add, dead_letters.add, recover.add, republish.add, more):
        add(words)
    args = parser.parse_args(argv)
    logs.configure(logging.INFO if args.run is _serve else logging.WARNING)  # a command prints what it did
    try:
        settings = None if getattr(args, "standalone", False) else service.new_settings()
        asyncio.run(args.run(args, service, settings))
    except ValidationError as error:
        print(complaints(error), file=sys.stderr)
        return 2
    except SAID as error:
        print(f"{service.name}: {error or type(error).__name__}", file=sys.stderr)
        return 1
    return 0


async def _serve(_: argparse.Namespace, service: Service, settings: Settings) -> None:
    with exporting.spans(service.name):
        await service.serve(settings)


async def _migrate(_: argparse.Namespace, service: Service, settings: Settings) -> None:
    applied = await migrate(settings, service.name)
    print(f"{service.name}: " + (", ".join(applied) or "nothing to apply, the database is at this version"))
