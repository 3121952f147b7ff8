"""Plays the year: sends the records at their time, jumps to the next instant that matters, waits for quiet."""

import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from local.asking import ask
from local.quiet import settle
from local.records import Doors, Record
from local.system import System

ZONE = ZoneInfo("Europe/Stockholm")
BEGIN = datetime(2026, 1, 1, tzinfo=ZONE)
END = datetime(2027, 1, 15, 8, tzinfo=ZONE)
Hook = Callable[[datetime], Awaitable[None]]


async def _nothing(_: datetime) -> None:
    """No hook."""


def set_clock(place: Path, moment: datetime) -> None:
    """Replace the clock file atomically, so that no service reads half a time."""
    partial = place.with_suffix(".new")
    partial.write_text(moment.isoformat(), encoding="ascii")
    os.replace(partial, place)  # noqa: PTH105 - the atomic one, by its own name


async def play(
    system: System,
    records: list[Record],
    *,
    until: datetime = END,
    say: Callable[[datetime, str], None],
    during: Hook = _nothing,
) -> int:
    """Play to `until`; answers how many instants were visited. `during` is called while each instant is worked on."""
    ahead = [record for record in records if record.at <= until]
    count, told, now = 0, 0, BEGIN
    async with Doors(system) as doors, httpx.AsyncClient() as http:
        while True:
            count += 1
            due = [record for record in ahead if record.at <= now]
            ahead = [record for record in ahead if record.at > now]
            for record in due:
                say(now, record.tells)
                await doors.send(record)
            await during(now)
            next_at = await settle(system, http)
            told = await _tell_mails(system, http, told, now, say)
            if now >= until:
                return count
            now = _next(now, next_at, ahead, until)
            set_clock(system.clock, now)


def _next(now: datetime, next_at: datetime | None, ahead: list[Record], until: datetime) -> datetime:
    instants = [until, *(record.at for record in ahead[:1])]
    if next_at is not None and next_at > now:
        instants.append(next_at)
    return min(instants).astimezone(ZONE)


async def _tell_mails(
    system: System, http: httpx.AsyncClient, told: int, now: datetime, say: Callable[[datetime, str], None]
) -> int:
    mails = (await ask(http, "GET", f"{system.inbox_page}/api/mails")).json()
    for mail in mails[told:]:
        say(now, f"✉ {mail['to']}: {mail['subject']}")
    return len(mails)
