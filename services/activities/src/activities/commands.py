"""`dispose`: the text of an activity is taken out of everything here, and whoever read it is told to do the same."""

import argparse
import contextlib
import sys
from uuid import UUID

from chassis.clock import clock_of
from chassis.commands import Service, Words
from chassis.commands.service import add_hand, opened
from chassis.repairs import Deed
from chassis.settings import Settings
from contracts.personal import looks_like

from activities.application.dispose import Disposed, dispose, told

LEFT = """\
Kafka keeps what was sent before. To be rid of it there too: once the outbox is empty, `republish` says every revision
again, without the text; then delete the older records of the topic `activities` (kafka-delete-records), and those of
the sender's ingress topic unless its 14 days may pass. Backups keep the text for as long as they are kept."""


class _UndoneError(Exception):
    """Ends a transaction that was only tried."""


def add(words: Words) -> None:
    """Add the command."""
    about = "take the text of an activity out of all its revisions; what is counted stays"
    parser = words.add_parser("dispose", help=about, description=about)
    parser.add_argument("activity_id", type=UUID, metavar="ACTIVITY_ID")
    parser.add_argument("--reason", required=True, help="why, for those who ask later; without the text itself")
    add_hand(parser)
    parser.set_defaults(run=_dispose)


async def _dispose(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    if what := looks_like(args.reason):
        sys.exit(f"--reason looks like it holds {what}; it is kept, so say why without it")
    deed = Deed(args.by, "dispose", str(args.activity_id), args.reason)
    done: Disposed | None = None
    async with opened(service, settings) as (database, _):
        with contextlib.suppress(_UndoneError):
            async with database.transaction() as work:
                done = await dispose(work, args.activity_id, deed, clock_of(settings.clock_file).now())
                if args.dry_run:
                    raise _UndoneError
    if done is None:
        sys.exit(f"{args.activity_id}: there is no such activity")
    print(f"{args.activity_id}: {told(done)}" + (", nothing was changed" if args.dry_run else ""))
    print(LEFT)
