"""What the commands need to know of a service, and how they open its database."""

import argparse
import getpass
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, TypeAlias

from chassis.database import Connection, Database, connect
from chassis.past import Past
from chassis.settings import Settings
from chassis.subscription import Subscriptions
from chassis.watermarks import Watermarks

Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no public name
Waits = Callable[[Connection], Awaitable[dict[str, list[dict[str, Any]]]]]
"""What waits in a service beside its outbox and its topics, by kind."""


async def _nothing(_: Connection) -> dict[str, list[dict[str, Any]]]:
    return {}


class Service(NamedTuple):
    """`reads` is a pattern of topics, `past` takes the settings that `new_settings` reads from the environment."""

    name: str
    about: str
    serve: Callable[[Any], Awaitable[None]]
    reads: str
    subscriptions: Subscriptions
    past: Callable[[Any], Past]
    waits: Waits = _nothing
    new_settings: type[Settings] = Settings


class Opened(NamedTuple):
    """A service's database, and where its topics end."""

    database: Database
    watermarks: Watermarks


@asynccontextmanager
async def opened(service: Service, settings: Settings) -> AsyncIterator[Opened]:
    """Both, closed afterwards."""
    database, watermarks = await connect(settings, service.name), Watermarks(settings)
    try:
        yield Opened(database, watermarks)
    finally:
        await watermarks.close()
        await database.close()


def add_hand(parser: argparse.ArgumentParser) -> None:
    """The options of every command that repairs."""
    parser.add_argument("--dry-run", action="store_true", help="say what would come of it and change nothing")
    parser.add_argument("--by", default=getpass.getuser(), metavar="NAME", help="who does it (default: %(default)s)")
