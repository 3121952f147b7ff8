"""The HTTP door with everything on, one at a time and in lists, beside a bare app on the same database server."""

import asyncio
import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import asyncpg
import httpx
from local.children import free_port, stop
from local.quiet import settle
from local.system import System

from bench import made_up
from bench.checks import same
from bench.client import Request, press
from bench.plan import Plan, Say
from bench.servers import running, settings_of

LIST = 100
LATER = ("promises", "notifications")
PATH = "/v1/activities"


class Sender:
    """Makes requests, each activity a new one, and remembers how many activities it sent."""

    def __init__(self, system: System, plan: Plan) -> None:
        self._tokens = {each: system.keys.token(each) for each in (made_up.POLICE, made_up.TOWN)}
        self._municipalities = plan.municipalities
        self._next = itertools.count()
        self.expected = made_up.Expected()
        self.sent = 0

    def one(self) -> Request:
        """The next activity."""
        code, kind, day = made_up.place(n := next(self._next), self._municipalities)
        body = json.dumps(self.report(n, code, kind, day)).encode()
        return Request("POST", PATH, self._tokens[kind.organisation], body)

    def many(self) -> Request:
        """A list of the next activities of one organisation."""
        turns = ((*made_up.place(n, self._municipalities), n) for n in self._next)
        ours = itertools.islice((t for t in turns if t[1].organisation == made_up.POLICE), LIST)
        body = json.dumps([self.report(n, code, kind, day) for code, kind, day, n in ours]).encode()
        return Request("POST", PATH, self._tokens[made_up.POLICE], body)

    def at(self, code: str, kind: made_up.Kind, day: date) -> Request:
        """An activity at a place of the caller's choice."""
        body = json.dumps(self.report(next(self._next), code, kind, day)).encode()
        return Request("POST", PATH, self._tokens[kind.organisation], body)

    def question(self, code: str, kind: made_up.Kind) -> Request:
        """How an obligation stands, asked by who reported."""
        return Request("GET", f"/v1/municipalities/{code}/obligations/{kind.obligation}", self._tokens[made_up.POLICE])

    def report(self, n: int, code: str, kind: made_up.Kind, day: date) -> dict[str, object]:
        """The body of an activity; without the partner's word a joint one counts nothing."""
        self.sent += 1
        if not kind.confirmed_by:
            self.expected[code, kind.obligation, made_up.period_of(kind, day)] += 1
        return made_up.report(n, code, kind, day)


class Bare:
    """The same bodies for the bare app, which knows neither tokens nor promises."""

    def __init__(self, plan: Plan) -> None:
        self._municipalities = plan.municipalities
        self.sent = 0

    def one(self) -> Request:
        """The next activity."""
        code, kind, day = made_up.place(self.sent, self._municipalities)
        body = json.dumps(made_up.report(self.sent, code, kind, day)).encode()
        self.sent += 1
        return Request("POST", "/", body=body)


@dataclass(frozen=True, slots=True)
class Round:
    """Activities a second: by the bare app, one at a time, in lists."""

    bare: float
    single: float
    lists: float


def measure(system: System, sender: Sender, plan: Plan, say: Say) -> list[Round]:
    """The rounds with `activities` alone, since two cores hold one service and a database; its readers come after."""
    for name in LATER:
        stop(system.supervisor.children[name].process)
    port, ours = free_port(), system.ports["activities"][0]
    dsn = system.postgres.create_database("bare")
    env = dict(os.environ) | {"BENCH_DSN": dsn}
    with running("bench.bare", str(port), env=env, log=system.folder / "logs" / "bare.log", port=port):
        bare = Bare(plan)
        doors = ((port, bare.one), (ours, sender.one), (ours, sender.many))
        rounds = asyncio.run(_rounds(doors, plan, say))
        asyncio.run(_check_bare(dsn, bare.sent))
    asyncio.run(check_activities(system, sender))
    for name in LATER:
        log = system.folder / "logs" / f"{name}.log"
        system.supervisor.start(name, [sys.executable, "-m", name, "serve"], log=log, env=system.environment(name))
    asyncio.run(quiet(system, plan, say))
    return rounds


async def _rounds(doors: Sequence[tuple[int, Callable[[], Request]]], plan: Plan, say: Say) -> list[Round]:
    for port, new_request in doors:
        await press(port, new_request, 1)
    rounds = []
    for n in range(plan.rounds):
        bare, single, lists = [(await press(port, each, plan.seconds)).rate for port, each in doors]
        rounds.append(Round(bare, single, lists * LIST))
        say(
            f"HTTP round {n + 1} of {plan.rounds}: bare {bare:.0f}/s, single {single:.0f}/s, lists {lists * LIST:.0f}/s"
        )
    return rounds


async def _check_bare(dsn: str, sent: int) -> None:
    sql = await asyncpg.connect(dsn)
    same("rows of the bare app", await sql.fetchval("SELECT count(*) FROM bare"), sent)
    await sql.close()


async def check_activities(system: System, sender: Sender) -> None:
    """Every activity sent is kept once."""
    sql = await asyncpg.connect(settings_of(system.environment("activities")).dsn())
    same("activities kept", await sql.fetchval("SELECT count(*) FROM activity"), sender.sent)
    same("revisions kept", await sql.fetchval("SELECT count(*) FROM activity_revision"), sender.sent)
    await sql.close()


async def quiet(system: System, plan: Plan, say: Say) -> None:
    """Wait until everything that was accepted has gone the whole way."""
    began = time.perf_counter()
    async with httpx.AsyncClient() as http:
        await settle(system, http, within=plan.patience)
    say(f"the whole system has caught up, {time.perf_counter() - began:.0f} s")


def ratio(rounds: Sequence[Round], name: str) -> float:
    """The median over the rounds of the door's rate by the bare app's."""
    return median(float(getattr(each, name)) / each.bare for each in rounds)
