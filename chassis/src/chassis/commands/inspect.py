"""`inspect`: everything that waits, and who holds what, for a person or a program."""

import argparse
import json
from typing import Any

from chassis import dead_letters, lease, outbox, positions, repairs
from chassis.commands.service import Opened, Service, Words, opened
from chassis.faults import TRANSIENT
from chassis.settings import Settings

Found = dict[str, Any]


def add(words: Words) -> None:
    """Add the command."""
    about = (
        "show what waits: outbox, positions and records behind, dead letters, leases, repairs, and the service's own"
    )
    parser = words.add_parser("inspect", help=about, description=about)
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.set_defaults(run=_inspect)


async def _inspect(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    async with opened(service, settings) as doors:
        found = await _found(service, doors)
    if args.json:
        print(json.dumps(found, default=str, ensure_ascii=False))
    else:
        _tell(found)


async def _found(service: Service, doors: Opened) -> Found:
    async with doors.database.pool.acquire() as sql:
        found: Found = {
            "outbox": await outbox.figures(sql),
            "dead_letters": await dead_letters.counts(sql),
            "leases": await lease.listing(sql),
            "repairs": await repairs.latest(sql),
            "waits": await service.waits(sql),
        }
    return found | {"positions": await _positions(service, doors)}


async def _positions(service: Service, doors: Opened) -> list[Found]:
    """Where the service reads; how far behind is left open where Kafka does not answer."""
    there = await positions.read(doors.database.pool)
    try:
        ends: dict[Any, int | None] = {**await doors.watermarks.ends(service.reads)}
    except TRANSIENT:
        ends = dict.fromkeys(there)
    return [
        {
            "topic": place.topic,
            "partition": place.partition,
            "next_offset": there.get(place, 0),
            "behind": None if (end := ends.get(place)) is None else end - there.get(place, 0),
        }
        for place in sorted(ends.keys() | there.keys())
    ]


def _tell(found: Found) -> None:
    rows, oldest = found["outbox"]["rows"], found["outbox"]["oldest_seconds"]
    print(f"outbox: {rows} row(s)" + (f", the oldest {oldest:.1f} s old" if rows else ""))
    for each in found["positions"]:
        behind = "Kafka does not say how far behind" if each["behind"] is None else f"{each['behind']} behind"
        print(f"{each['topic']}[{each['partition']}]: next {each['next_offset']}, {behind}")
    for reason, count in found["dead_letters"].items():
        print(f"dead letters, {reason}: {count}")
    for kind, waiting in found["waits"].items():
        print(f"{kind}: {len(waiting)}")
        for each in waiting:
            print("  " + ", ".join(f"{name} {value}" for name, value in each.items() if value is not None))
    for each in found["leases"]:
        state = f"held for another {each['seconds_left']:.1f} s" if each["seconds_left"] > 0 else "free"
        print(f"lease {each['name']}: epoch {each['epoch']}, {state}")
    for each in found["repairs"]:
        outcome = each["outcome"] or "not ended"
        when, who = f"{each['began_at']:%Y-%m-%d %H:%M}", each["done_by"]
        print(f"repair {when} by {who}: {each['action']} {each['subject']}: {outcome}")
