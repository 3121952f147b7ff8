"""`rebuild --evaluate` and `rebuild --from-kafka`: all is worked out again, and what changed is said."""

import argparse
import sys
import time

from chassis.clock import clock_of
from chassis.commands import Service, Words
from chassis.commands.service import opened
from chassis.repairs import Deed
from chassis.settings import Settings

from chassis import repairs
from promises.application import rebuild

WIDTH = 40


def add(words: Words) -> None:
    """Add the command."""
    about = "work everything out anew beside the running service; sends nothing, and should change nothing"
    parser = words.add_parser("rebuild", help=about, description=about)
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--evaluate", action="store_true", help="judge every obligation from the evidence that is here")
    how.add_argument("--from-kafka", action="store_true", help="read the evidence from the topic first")
    parser.add_argument("--by", default="operator", metavar="NAME", help="who does it (default: %(default)s)")
    parser.set_defaults(run=_rebuild)


async def _rebuild(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    how = "rebuild --from-kafka" if args.from_kafka else "rebuild --evaluate"
    async with opened(service, settings) as (database, watermarks):
        said = ""
        if args.from_kafka:
            count = await rebuild.from_kafka(settings, database, watermarks, _Bar())
            said = f"{count} record(s) read, "
        changed = await rebuild.evaluate(database, clock_of(settings.clock_file))
        said += (
            f"{changed.obligations} obligation(s) judged: {changed.standings} standing(s) changed, "
            f"{changed.notices} notice(s), {changed.events} event(s)"
        )
        async with database.transaction() as work:
            await repairs.note(work.sql, Deed(args.by, how, service.name), said)
    print(said)


class _Bar:
    """A bar on a terminal, a line every ten seconds elsewhere."""

    def __init__(self) -> None:
        self._began = self._told_at = time.monotonic()

    def __call__(self, count: int, whole: int) -> None:
        """So many of so many."""
        now = time.monotonic()
        if now - self._told_at < (0.2 if sys.stderr.isatty() else 10) and count < whole:
            return
        self._told_at = now
        done = WIDTH * count // max(whole, 1)
        rate = f"{count} of {whole} records, {count / max(now - self._began, 0.001):.0f} a second"
        end = "\r" if sys.stderr.isatty() and count < whole else "\n"
        print(f"[{'#' * done}{'.' * (WIDTH - done)}] {rate}", end=end, file=sys.stderr, flush=True)
