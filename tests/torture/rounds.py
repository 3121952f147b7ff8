"""Rounds: load, something breaks, all is mended, quiet comes in time, every word is checked; the data is kept."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from local.demo import BEGIN, ZONE, set_clock
from local.quiet import NotQuietError, settle

from tests.torture.checker import Violation, check
from tests.torture.faults import FAULTS, mend
from tests.torture.load import Load
from tests.torture.reader import Reader
from tests.torture.recorder import Recorder
from tests.torture.system import Twofold

QUIET_WITHIN, READY_WITHIN, AFTER = 15.0, 60.0, 0.5
YEAR = 25
Say = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """What a round did and found; times in seconds."""

    seed: int
    round: int
    fault: str
    ready: float
    quiet: float
    asked: int
    reads: int
    violations: list[Violation]


class Rounds:
    """One seed on one system: the year 2026 in steps of a fortnight, `YEAR` rounds long."""

    def __init__(self, system: Twofold, seed: int, faults: Sequence[str] = tuple(FAULTS)) -> None:
        self._system, self._seed, self._faults = system, seed, faults
        self._recorder = Recorder(system.folder / "recorded.jsonl")
        self._reader = Reader(system)
        self.now = BEGIN + timedelta(days=4, hours=8)

    async def play(self, number: int) -> Result:
        """One round; `violations` is empty when every word was kept."""
        load = Load(self._system, self._recorder, self._dice(number, "load"), lambda: self.now)
        load.prefix = f"s{self._seed}r{number}"
        stop = asyncio.Event()
        working = [asyncio.create_task(work(stop)) for work in (load.http, load.kafka, self._reader.read)]
        fault = (
            await asyncio.gather(self._break(self._dice(number, "fault")), self._steps(self._dice(number, "time")))
        )[0]
        await asyncio.sleep(AFTER)
        self._leap(self.now)
        mend(self._system)
        stop.set()
        await asyncio.gather(*working)
        ready, late = await self._ready()
        began = time.monotonic()
        late += await self._quiet()
        quiet = time.monotonic() - began
        await load.again()
        late += await self._quiet(30)
        violations = late + (await check(self._system, self._recorder) if not late else [])
        violations += self._reader.violations + load.violations
        self._reader.violations = []
        asked = sum(event.startswith(load.prefix + "-") for event in self._recorder.asked)
        return Result(self._seed, number, fault, ready, quiet, asked, self._reader.reads, violations)

    def _dice(self, number: int, what: str) -> random.Random:
        """One sequence a purpose, so that a seed breaks the same things whatever the machine's pace."""
        return random.Random(f"{self._seed}/{number}/{what}")  # noqa: S311 - a repeatable sequence is wanted

    async def _break(self, dice: random.Random) -> str:
        await asyncio.sleep(dice.uniform(0.2, 1.5))
        return await FAULTS[dice.choice(list(self._faults))](self._system, dice)

    async def _steps(self, dice: random.Random) -> None:
        """Time goes on in leaps while things break; digests are due in the morning of a working day."""
        for _ in range(3):
            self._leap(self.now + timedelta(days=4, hours=dice.randint(-5, 5)))
            await asyncio.sleep(dice.uniform(0.3, 1.5))
        self._morning()

    def _morning(self) -> None:
        """The next Monday at eight."""
        monday = self.now + timedelta(days=(7 - self.now.weekday()) % 7)
        self._leap(max(self.now, datetime(monday.year, monday.month, monday.day, 8, tzinfo=ZONE)))

    def _leap(self, moment: datetime) -> None:
        self.now = moment
        set_clock(self._system.clock, moment)

    async def _ready(self) -> tuple[float, list[Violation]]:
        """Seconds until every replica says that it is ready, and who never did."""
        began, name = time.monotonic(), ""
        try:
            async with httpx.AsyncClient(timeout=3) as http, asyncio.timeout(READY_WITHIN):
                for name, url in self._system.readiness():  # noqa: B007 - it is asked below
                    while not await _yes(http, url):  # noqa: ASYNC110 - other processes are waited for
                        await asyncio.sleep(0.1)
        except TimeoutError:
            return READY_WITHIN, [("ready", f"{name} was not ready after {READY_WITHIN:.0f} s")]
        return time.monotonic() - began, []

    async def _quiet(self, within: float = QUIET_WITHIN) -> list[Violation]:
        async with httpx.AsyncClient(timeout=10) as http:
            try:
                await settle(self._system, http, within=within)
            except NotQuietError as error:
                return [("quiet", str(error))]
        return []


async def _yes(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(url)).is_success
    except httpx.HTTPError:
        return False
