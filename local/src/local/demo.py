"""Plays the year: sends the records at their time, jumps to the next instant that matters, waits for quiet."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from local.closing import promises
from local.doors import Doors
from local.extra import Extra
from local.quiet import settle
from local.records import Record, together
from local.signs import Strips
from local.stage import Stage

ZONE = ZoneInfo("Europe/Stockholm")
BEGIN = datetime(2026, 1, 1, tzinfo=ZONE)
END = datetime(2027, 1, 15, 8, tzinfo=ZONE)
Say = Callable[[datetime, str], None]
Hook = Callable[[datetime], Awaitable[None]]


async def _nothing(_: datetime) -> None:
    """No hook."""


def set_clock(place: Path, moment: datetime) -> None:
    """Replace the clock file atomically, so that no service reads half a time."""
    partial = place.with_suffix(".new")
    partial.write_text(moment.isoformat(), encoding="ascii")
    os.replace(partial, place)  # noqa: PTH105 - the atomic one, by its own name


def month_ends(until: datetime) -> list[datetime]:
    """The last minute of each month, when its sign is taken."""
    firsts = [datetime(2026 + n // 12, n % 12 + 1, 1, tzinfo=ZONE) for n in range(1, 13)]
    return [first - timedelta(minutes=1) for first in firsts if first - timedelta(minutes=1) < until]


@dataclass(slots=True)
class Player:
    """Plays `records` on a stage; `begin` is what its clock says, `pace` the most days a second.

    `during` is called amid the work of an instant. `seconds_for_extra` are those of the instants at which
    made-up activities came: until all were taken in and judged.
    """

    stage: Stage
    records: Sequence[Record]
    say: Say
    begin: datetime = BEGIN
    until: datetime = END
    pace: float | None = None
    extra: Extra = field(default_factory=Extra)
    during: Hook = _nothing
    strips: Strips = field(default_factory=Strips)
    surprises: list[str] = field(default_factory=list)
    moments: int = 0
    seconds_for_extra: float = 0
    _mails: int = 0
    _reported: int = 0

    async def play(self) -> None:
        """Play to the end, or to `until`; the first moment is played again, since it may have been cut short."""
        ahead = [record for record in self.records if self.begin <= record.at <= self.until]
        ends, now = month_ends(self.until), self.begin
        self.strips.skip(sum(end < now for end in ends))
        async with Doors(self.stage) as doors, httpx.AsyncClient(timeout=30) as http:
            doors.know([record for record in self.records if record.at < now])
            self._mails = len(await self.stage.mails(http))
            while True:
                self.moments += 1
                began = time.monotonic()
                due, ahead = [r for r in ahead if r.at <= now], [r for r in ahead if r.at > now]
                made_up = await self._send(doors, due, now)
                await self.during(now)
                next_at = await settle(self.stage, http)
                self.seconds_for_extra += time.monotonic() - began if made_up else 0
                await self._tell_mails(http, now)
                if now in ends:
                    await self._close_month(http, now)
                if now >= self.until:
                    break
                now = await self._step(
                    now, [self.until, *ends, *(r.at for r in ahead[:1]), *([next_at] if next_at else [])]
                )
            self.surprises = doors.surprises

    async def _step(self, now: datetime, instants: Sequence[datetime]) -> datetime:
        following = min(instant for instant in instants if instant > now).astimezone(ZONE)
        if self.pace:
            await asyncio.sleep((following - now) / timedelta(days=self.pace))
        set_clock(self.stage.clock, following)
        return following

    async def _send(self, doors: Doors, due: Sequence[Record], now: datetime) -> int:
        """Answer how many of them were made up."""
        for group in together(due):
            for record in group:
                if record.tells:
                    self.say(now, record.tells)
            await doors.send(group)
        made_up = await self.extra.send(doors, now)
        self._reported += len(due) + made_up
        return made_up

    async def _tell_mails(self, http: httpx.AsyncClient, now: datetime) -> None:
        mails = await self.stage.mails(http)
        for mail in mails[self._mails :]:
            self.say(now, f"✉ {mail['to']}: {mail['subject']}")
        self._mails = len(mails)

    async def _close_month(self, http: httpx.AsyncClient, now: datetime) -> None:
        changed = self.strips.add(await promises(self.stage, http), now.date())
        self.say(now, f"── {now:%B}: {self._reported} sent, {changed} standings changed, {self._mails} mails so far ──")
        self._reported = 0
