"""The service behind its doors, driven by hand: tests say what is asked and what time it is."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
from activities.application.accept import accept
from activities.domain.activity import Content
from activities.domain.commands import Accepted, Command, Outcome, Refused
from activities.store.catalogue import Copies
from chassis.database import Database, UnitOfWork
from contracts.promises import PromisePublished, PublishedObligation

from tests.hand_clock import HandClock

CODE, POLICE, TOWN, STRANGER = "2480", "polisen-lpo-umea", "umea-kommun", "raddningstjansten-umea"
NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
NUMBERS = count(1)


def promise(obligation: str = "cykel-gang", **changes: Any) -> PromisePublished:  # noqa: ANN401
    """A promise of one obligation that both joint owners may report, unless told otherwise."""
    about: dict[str, Any] = {
        "owners": (POLICE, TOWN),
        "may_report": (POLICE, TOWN),
        "joint": True,
        "themes": ("traffic_rules", "reflector"),
        "audiences": ("cyclist", "pedestrian"),
    }
    about |= {name: value for name, value in changes.items() if name in PublishedObligation.model_fields}
    whole = {name: value for name, value in changes.items() if name not in PublishedObligation.model_fields}
    values: dict[str, Any] = {
        "municipality": CODE,
        "municipality_name": "Umeå",
        "promise": obligation,
        "revision": 1,
        "heading": "Trafik",
        "quote": "Vi lovar",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "obligations": (PublishedObligation(id=obligation, title_sv="Insats", title_en="Operation", **about),),
        "catalogue_revision": 1,
    }
    return PromisePublished(**(values | whole))


CATALOGUE = (
    promise(),
    promise("tillganglig-polis", owners=(POLICE,), may_report=(POLICE,), joint=False, kinds=("contact",)),
    promise("trafik-ak4", owners=(TOWN,), may_report=(TOWN,), joint=False, quantities=("pupils_offered",)),
)


def content(**changes: Any) -> Content:  # noqa: ANN401
    """An operation done on the morning of 9 November for `cykel-gang`."""
    values: dict[str, Any] = {
        "municipality": CODE,
        "status": "done",
        "occurred_at": datetime(2026, 11, 9, 7, 30, tzinfo=UTC),
        "obligations": ("cykel-gang",),
    }
    return Content(**(values | changes))


def report(event_id: str = "e1", *, by: str = TOWN, reference: str | None = None, **changes: Any) -> Command:  # noqa: ANN401
    """A new activity; its reference follows from the event id."""
    return Command("log", by, f"/tests/{by}", event_id, reference or f"ref-{event_id}", content=content(**changes))


def command(kind: Any, *, by: str = TOWN, about: Accepted | UUID | str, **more: Any) -> Command:  # noqa: ANN401
    """A change of an activity, named by its id or by the sender's reference; every one has an event id of its own."""
    name = {"reference": about} if isinstance(about, str) else {"activity_id": getattr(about, "activity_id", about)}
    words: dict[str, Any] = {"event_id": f"c{next(NUMBERS)}", "source": f"/tests/{by}"} | name | more
    return Command(kind=kind, organisation=by, **words)


def body(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """A report as HTTP takes it; each has ids of its own."""
    values = {"event_id": str(uuid4()), "reference": str(uuid4()), "municipality": CODE}
    said = {"occurred_at": "2026-11-09T08:30:00+01:00", "obligations": ["cykel-gang"]}
    return values | said | changes


class Service:
    """Acceptance on a database of its own."""

    def __init__(self, database: Database) -> None:
        self.copies = Copies()
        self.database = database
        self.clock = HandClock(NOW)

    async def accept(self, work: UnitOfWork, *commands: Command) -> list[Outcome]:
        return await accept(work, commands, await self.copies.latest(work.sql), self.clock.now())

    async def take(self, *commands: Command) -> list[Outcome]:
        """The commands in one transaction."""
        async with self.database.transaction() as work:
            return await self.accept(work, *commands)

    async def accepted(self, command: Command) -> Accepted:
        [outcome] = await self.take(command)
        assert isinstance(outcome, Accepted), outcome
        return outcome

    async def refused(self, command: Command) -> str:
        [outcome] = await self.take(command)
        assert isinstance(outcome, Refused), outcome
        return outcome.code

    async def said(self) -> list[dict[str, Any]]:
        """What waits for the relay, in its order."""
        return [json.loads(row["value"]) for row in await self.rows("SELECT value FROM outbox ORDER BY seq")]

    async def revisions(self) -> list[tuple[str, int]]:
        """Command and number of every revision of the only activity."""
        rows = await self.rows("SELECT command, revision FROM activity_revision ORDER BY revision")
        return [(row["command"], row["revision"]) for row in rows]

    async def left(self) -> list[int]:
        """How many activities, revisions, outbox rows and noted commands there are."""
        tables = ("activity", "activity_revision", "outbox", "accepted")
        return [await self.database.pool.fetchval(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608

    async def rows(self, sql: str, *values: object) -> list[Any]:
        return list(await self.database.pool.fetch(sql, *values))


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, which names the field and what to mend."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    found = answer.json()
    assert found["status"] == answer.status_code
    assert found["detail"]
    if answer.status_code not in {401, 403, 404, 405, 503} or "errors" in found:
        assert all(each["field"] and each["reason"] for each in found["errors"]), answer.text
        assert found["errors"], answer.text
    return answer.status_code, found["code"]


async def eventually(question: Callable[[], Awaitable[object]]) -> None:
    """Ask until the answer is yes."""
    async with asyncio.timeout(30):
        while not await question():  # noqa: ASYNC110 - servers answer, not this loop
            await asyncio.sleep(0.02)
