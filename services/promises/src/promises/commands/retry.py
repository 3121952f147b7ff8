"""`retry`: an obligation whose evaluation keeps failing is evaluated here and now, and what comes of it is said."""

import argparse
from typing import Any

from chassis.clock import clock_of
from chassis.commands import Service, Words
from chassis.commands.service import add_hand, opened
from chassis.database import Database
from chassis.faults import TRANSIENT
from chassis.repairs import Deed
from chassis.settings import Settings

from chassis import repairs
from promises.application.evaluate import Evaluator
from promises.store import dirty, waiting


def add(words: Words) -> None:
    """Add the command."""
    parser = words.add_parser("retry", help="evaluate obligations again whose evaluation failed")
    parser.add_argument("names", nargs="*", metavar="OBLIGATION", help="e.g. 2480/cykel-gang; default: all that failed")
    add_hand(parser)
    parser.set_defaults(run=_retry)


async def _retry(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    async with opened(service, settings) as (database, _):
        evaluator = Evaluator(database, clock_of(settings.clock_file))
        failed = [each for each in (await waiting.dirty(database.pool))["dirty"] if each["attempts"]]
        chosen = [each for each in failed if not args.names or _name(each) in args.names]
        for each in chosen:
            print(f"{_name(each)}: failed {each['attempts']} time(s), {each['error']}")
            if not args.dry_run:
                print(f"  now: {await _again(database, evaluator, each, args.by)}")
    print(f"{len(chosen)} obligation(s)" + (", nothing was changed" if args.dry_run else ""))


def _name(row: dict[str, Any]) -> str:
    return f"{row['municipality']}/{row['obligation']}"


async def _again(database: Database, evaluator: Evaluator, row: dict[str, Any], by: str) -> str:
    name = (row["municipality"], row["obligation"])
    outcome, fault = "evaluated", None
    try:
        if not await evaluator.evaluate([name]):
            outcome = "another replica is at it, or did it meanwhile"
    except TRANSIENT:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator asked to see it
        fault = f"{type(error).__name__}: {error}"
        outcome = f"failed again, {fault}"
    async with database.transaction() as work:
        if fault:
            await dirty.failed(work.sql, name, fault)
        await repairs.note(work.sql, Deed(by, "retry", _name(row)), outcome)
    return outcome
