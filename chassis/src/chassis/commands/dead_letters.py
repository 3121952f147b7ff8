"""`dead-letters list | show | replay | discard`: what was set aside is seen, taken again, or given up with a reason."""

import argparse
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from chassis import dead_letters, repairs
from chassis.clock import Clock, clock_of
from chassis.commands.service import Opened, Service, Words, add_hand, opened
from chassis.database import Database, UnitOfWork
from chassis.dead_letters import Kept
from chassis.repairs import Deed
from chassis.replay import take_again
from chassis.settings import Settings
from chassis.subscription import Subscription

WorkOn = Callable[[UnitOfWork, Kept], Awaitable[str]]
"""Does something to a locked letter and says what came of it."""


class _UndoneError(Exception):
    """Ends a transaction that was only tried."""


def add(words: Words) -> None:
    """Add the command and its actions."""
    parser = words.add_parser("dead-letters", help="records that were set aside: list, show, replay, discard")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the latest that wait, and why")
    listing.add_argument("--reason", help="only those with this word")
    listing.add_argument("--json", action="store_true", help="one JSON list, for programs")
    listing.set_defaults(run=_list)
    show = actions.add_parser("show", help="all that is known of one")
    show.add_argument("id", type=int, metavar="ID")
    show.set_defaults(run=_show)
    replay = actions.add_parser("replay", help="take some again, each in a transaction of its own")
    which = replay.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", nargs="*", default=[], type=int, metavar="ID")
    which.add_argument("--reason", help="all that wait with this word, in the order of their arrival")
    replay.set_defaults(run=_replay)
    discard = actions.add_parser("discard", help="give some up; they stay in the database, resolved")
    discard.add_argument("ids", nargs="+", type=int, metavar="ID")
    discard.add_argument("--reason", required=True, help="why, for those who ask later")
    discard.set_defaults(run=_discard)
    for each in (replay, discard):
        add_hand(each)


async def _list(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    async with opened(service, settings) as (database, _):
        found = await dead_letters.listing(database.pool, args.reason)
    if args.json:
        print(json.dumps(found, default=str, ensure_ascii=False))
        return
    for letter in found:
        place = f"{letter['topic']}[{letter['partition']}]@{letter['offset']}"
        when = f"{letter['recorded_at']:%Y-%m-%d %H:%M}"
        print(f"{letter['id']}  {when}  {place}  {letter['reason']}: {letter['detail']}")
    print(f"{len(found)} dead letter(s)")


async def _show(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    async with opened(service, settings) as (database, _):
        found = await dead_letters.whole(database.pool, args.id)
    print(json.dumps(found, default=str, ensure_ascii=False, indent=1) if found else f"{args.id}: there is none")


async def _replay(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    async with opened(service, settings) as doors:
        ids = args.ids or await dead_letters.waiting(doors.database.pool, args.reason)
        clock = clock_of(settings.clock_file)
        replaying = _Replaying(clock, service.subscriptions(doors.database, clock, doors.watermarks))
        await _each(args, doors, ids, "replay", replaying.outcome)


async def _discard(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    clock = clock_of(settings.clock_file)

    async def discarded(work: UnitOfWork, kept: Kept) -> str:
        await dead_letters.resolve(work.sql, kept, "discarded", clock.now())
        return "discarded"

    async with opened(service, settings) as doors:
        await _each(args, doors, args.ids, "discard", discarded)


class _Replaying(NamedTuple):
    clock: Clock
    subscriptions: Sequence[Subscription]

    async def outcome(self, work: UnitOfWork, kept: Kept) -> str:
        """Take one again through the handler that reads its topic."""
        reader = next((each for each in self.subscriptions if each.reads(kept.record.topic)), None)
        if reader is None:
            return f"nobody here reads {kept.record.topic} any more"
        letter = await take_again(work, kept, reader.types, reader.handler, self.clock.now())
        return f"refused again, {letter.reason}: {letter.detail}" if letter else "replayed"


async def _each(args: argparse.Namespace, doors: Opened, ids: Sequence[int], word: str, work_on: WorkOn) -> None:
    for number in ids:
        deed = Deed(args.by, f"dead-letters {word}", str(number), args.reason)
        print(f"{number}: {await _one(doors.database, deed, number, work_on, dry=args.dry_run)}")
    print(f"{len(ids)} dead letter(s)" + (", nothing was changed" if args.dry_run else ""))


async def _one(database: Database, deed: Deed, number: int, work_on: WorkOn, *, dry: bool) -> str:
    outcome = "there is none"
    with contextlib.suppress(_UndoneError):
        async with database.transaction() as work:
            kept = await dead_letters.lock(work.sql, number)
            if kept is not None:
                outcome = f"{kept.resolution} already"
            if kept is not None and kept.resolution is None:
                outcome = await work_on(work, kept)
                await repairs.note(work.sql, deed, outcome)
            if dry:
                raise _UndoneError
    return outcome
