"""`catalogue check FILE`, `catalogue diff FILE` and `catalogue load FILE`."""

import argparse
import sys
from pathlib import Path

from chassis.clock import clock_of
from chassis.commands import Service, Words
from chassis.database import connect
from chassis.settings import Settings
from chassis.sources import SourceError

from promises.application.load import load
from promises.application.preview import preview
from promises.catalogue.check import checked
from promises.catalogue.model import Catalogue, Organisations
from promises.commands.differences import lines


def add(words: Words) -> None:
    """Add the commands about catalogues."""
    catalogue = words.add_parser("catalogue", help="check, compare or load what was promised")
    actions = catalogue.add_subparsers(title="actions", required=True, metavar="ACTION")
    for name, run, about in (
        ("check", _check, "say what is wrong with a catalogue, with file and line; needs no database"),
        ("diff", _diff, "say what a load would change, standings included; changes nothing"),
        ("load", _load, "put a catalogue in force; the same twice changes nothing"),
    ):
        action = actions.add_parser(name, help=about, description=about)
        action.add_argument("file", type=Path, metavar="FILE", help="e.g. catalogue/2480-umea.yaml")
        action.set_defaults(run=run, standalone=name == "check")


async def _check(args: argparse.Namespace, _: Service, __: Settings | None) -> None:
    catalogue, _organisations = _read(args.file)
    count = sum(len(promise.obligations) for promise in catalogue.promises)
    print(f"{args.file}: right, {len(catalogue.promises)} promises, {count} obligation(s)")


async def _diff(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    catalogue, organisations = _read(args.file)
    database = await connect(settings, service.name)
    try:
        found = await preview(database, catalogue, organisations, clock_of(settings.clock_file).now())
    finally:
        await database.close()
    for line in lines(found):
        print(line)
    print(f"{catalogue.name} ({catalogue.municipality}): compared with revision {found.revision}, ", end="")
    print(f"{len(found.differences)} difference(s), {len(found.standings)} standing(s) change; nothing was written")


async def _load(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    catalogue, organisations = _read(args.file)
    database = await connect(settings, service.name)
    try:
        done = await load(database, catalogue, organisations, clock_of(settings.clock_file).now())
    finally:
        await database.close()
    what = "in force" if done.changed else "was in force already, nothing changed"
    print(f"{catalogue.name} ({catalogue.municipality}): revision {done.revision} {what}, ", end="")
    print(f"{done.promises} promises, {done.obligations} obligation(s)")


def _read(file: Path) -> tuple[Catalogue, Organisations]:
    try:
        return checked(file)
    except SourceError as error:
        sys.exit(f"{error}\nthe catalogue is refused whole; nothing was changed")
