"""`python -m tests.torture.at_points`: every action at every durable boundary, one of each service in a round."""

import argparse
import asyncio
import logging
import random
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from local.demo import ZONE
from local.places import DATA, SERVICES

from tests.torture.__main__ import keep, summed
from tests.torture.pointed import FOLDER, Traps
from tests.torture.points import ACTIONS, POINTS, Action, Point
from tests.torture.rounds import Rounds
from tests.torture.system import Twofold, tortured

RESULTS = DATA / "torture-points.jsonl"
PATIENCE = 6.0
FROZEN = {"activities": 4.5, "promises": 4.5, "notifications": 6.5}
"""Seconds, longer than a session of Kafka; for who sends mails longer than a lease, for who judges shorter than a
transaction may be idle."""
LEAPS = 8
LAST = datetime(2026, 11, 1, tzinfo=ZONE)  # a round is eight weeks at most, and the promises end with the year


class Case(NamedTuple):
    """What happens where."""

    point: Point
    action: Action

    @property
    def name(self) -> str:
        return f"{self.action} {self.point.service}, {self.point.name}"


CASES = [Case(point, action) for point in POINTS for action in ACTIONS]


class Pointed(Twofold):
    """Replicas that have the traps."""

    def __init__(self, folder: Path, say: Callable[[str], None], source: Path | None = None) -> None:
        super().__init__(folder, say, source)
        self.traps = Traps(folder / "points")

    def serving(self, service: str) -> list[str]:
        return [sys.executable, "-m", "tests.torture.pointed", service]

    def environment(self, service: str) -> dict[str, str]:
        return super().environment(service) | {FOLDER: str(self.folder / "points")}


class AtPoints(Rounds):
    """Rounds in which the next case of each service is armed until it was hit."""

    def __init__(self, system: Pointed, seed: int, ahead: dict[str, list[Case]]) -> None:
        super().__init__(system, seed)
        self._traps, self._ahead = system.traps, ahead
        self._armed: list[Case] = []

    async def _break(self, _: random.Random) -> str:
        self._armed = [cases[0] for cases in self._ahead.values() if cases]
        for case in self._armed:
            self._traps.arm(*case)
        until = time.monotonic() + PATIENCE
        while not self._all_hit() and time.monotonic() < until:  # noqa: ASYNC110 - other processes are waited for
            await asyncio.sleep(0.05)
        hit = []
        for case in self._armed:
            self._traps.disarm(*case)
            if self._traps.was_hit(*case):
                hit.append(self._ahead[case.point.service].pop(0))
        frozen = [FROZEN[case.point.service] for case in hit if case.action == "freeze"]
        await asyncio.sleep(max(frozen, default=0))  # `mend` lets them go on
        return "; ".join(case.name for case in hit) or "nothing was hit"

    async def _steps(self, dice: random.Random) -> None:
        """A mail is due on few days, so time leaps on until that is hit which waits for one."""
        for _ in range(LEAPS):
            self._leap(self.now + timedelta(days=4))
            self._morning()
            await asyncio.sleep(dice.uniform(0.3, 0.9))
            if self._all_hit():
                break

    def _all_hit(self) -> bool:
        return bool(self._armed) and all(self._traps.was_hit(*case) for case in self._armed)


def main() -> int:
    """Status 0 when every case was hit and every word kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.at_points", description=__doc__)
    parser.add_argument("--shard", default="1/1", metavar="I/N", help="the I-th of N parts of the cases")
    parser.add_argument("--only", nargs="+", default=[""], metavar="TEXT", help="cases whose name holds one of these")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--source", type=Path, help="a changed copy of the product to torture instead")
    args = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    part, parts = map(int, args.shard.split("/"))
    cases = [case for case in CASES if any(text in case.name for text in args.only)][part - 1 :: parts]
    args.results.parent.mkdir(parents=True, exist_ok=True)
    missed, broken = played(cases, args.seed, args.results, args.source)
    print(summed(args.results))
    print(f"{len(cases) - len(missed)} of {len(cases)} cases were hit")
    for case in missed:
        print(f"  never hit: {case.name}")
    return 1 if missed or broken else 0


def played(cases: Sequence[Case], seed: int, results: Path, source: Path | None = None) -> tuple[list[Case], bool]:
    """Play years until every case was hit or none is any more; which were not, and whether a word was broken."""
    ahead = {service: [case for case in cases if case.point.service == service] for service in SERVICES}
    before = -1
    while (left := sum(map(len, ahead.values()))) not in (0, before):
        before = left
        if not _year(seed, ahead, results, source):
            return [case for cases in ahead.values() for case in cases], True
        seed += 1000
    return [case for cases in ahead.values() for case in cases], False


def _year(seed: int, ahead: dict[str, list[Case]], results: Path, source: Path | None) -> bool:
    with tortured(partial(Pointed, source=source)) as system:
        kept = asyncio.run(_rounds(system, seed, ahead, results))
    if kept:
        shutil.rmtree(system.folder, ignore_errors=True)
    else:
        print(f"the data is kept in {system.folder}")
    return kept


async def _rounds(system: Pointed, seed: int, ahead: dict[str, list[Case]], results: Path) -> bool:
    watching = asyncio.create_task(system.watch())
    rounds, kept = AtPoints(system, seed, ahead), True
    for number in count(1):
        if rounds.now > LAST or not kept or not any(ahead.values()):
            break
        result = await rounds.play(number)
        keep(result, results)
        kept = not result.violations
    watching.cancel()
    return kept


if __name__ == "__main__":
    sys.exit(main())
