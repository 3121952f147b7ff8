"""The projector, driven by hand: tests say what arrives and what time it is."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiokafka import ConsumerRecord
from chassis.database import Database
from chassis.records import Received
from contracts.activities import ActivityEvent, BaselineReported, TextDisposed
from contracts.envelope import binary, parse
from promises.application.evaluate import Evaluator
from promises.application.freeze import Freezer
from promises.application.ingest import ingest
from promises.application.load import load
from promises.catalogue.check import checked
from promises.catalogue.model import ObligationEntry
from promises.scheduler import Scheduler
from promises.store import dirty, standings

from chassis import dead_letters
from tests.hand_clock import HandClock

CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue" / "2480-umea.yaml"
POLICE, TOWN = "polisen-lpo-umea", "umea-kommun"
NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)


class Projector:
    """Both stages on a database of their own, driven by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = HandClock()
        self._offsets = count()
        self._evaluator = Evaluator(database, self.clock)
        self._scheduler = Scheduler(database, self.clock, self._evaluator, Freezer(database, self.clock))

    async def load(self, *, valid_from: date = date(2026, 1, 1), until: date = date(2026, 12, 31)) -> None:
        """Umeå's catalogue, its promises valid from a day until another."""
        catalogue, organisations = checked(CATALOGUE)
        validity = catalogue.promises[0].validity.model_copy(update={"first": valid_from, "last": until})
        promises = tuple(each.model_copy(update={"validity": validity}) for each in catalogue.promises)
        await load(self.database, catalogue.model_copy(update={"promises": promises}), organisations, self.clock.now())

    async def load_versions(self, change: Callable[[ObligationEntry], ObligationEntry]) -> None:
        """Umeå's catalogue for 2026, and `cykel-gang` changed for 2027."""
        catalogue, organisations = checked(CATALOGUE)
        [old] = [each for each in catalogue.promises if each.id == "cykel-gang"]
        validity = old.validity.model_copy(update={"first": date(2027, 1, 1), "last": date(2027, 12, 31)})
        new = old.model_copy(update={"validity": validity, "obligations": tuple(map(change, old.obligations))})
        both = catalogue.model_copy(update={"promises": (*catalogue.promises, new)})
        await load(self.database, both, organisations, self.clock.now())

    async def stored(self) -> dict[tuple[str, str, str], str]:
        """Every standing as it is kept, by obligation, period and audience."""
        rows = await self.database.pool.fetch("SELECT obligation, period, audience, standing FROM standing")
        return {(row["obligation"], row["period"], row["audience"]): row["standing"] for row in rows}

    async def judge_everything(self) -> None:
        """As `rebuild --evaluate` does."""
        async with self.database.transaction() as work:
            names = await work.sql.fetch("SELECT DISTINCT municipality, obligation FROM standing")
            await dirty.mark_all_days(work.sql, [tuple(name) for name in names])
        await self.turn()

    async def ingest(self, *events: ActivityEvent | BaselineReported | TextDisposed, trace: str | None = None) -> None:
        """One batch, of one trace."""
        received = [self.received(event, trace) for event in events]
        async with self.database.transaction() as work:
            await dead_letters.keep(work.sql, await ingest(work, received), self.clock.now())

    async def turn(self, moment: datetime | None = None) -> None:
        """Let time pass to a moment and evaluate what is due and dirty."""
        self.clock.moment = moment or self.clock.moment
        await self._scheduler.once()

    async def mark_and_judge(self) -> None:
        """A turn without what comes after it: reports that are due wait for who collects them."""
        async with self.database.transaction() as work:
            await dirty.mark_due(work.sql, self.clock.now())
        await self._evaluator.oldest()

    async def live(self, until: datetime) -> None:
        """Visit every instant at which something can change."""
        await self.turn()
        while True:
            async with self.database.pool.acquire() as sql:
                instant = await standings.next_wake(sql)
            if instant is None or instant > until:
                break
            await self.turn(instant)
        await self.turn(until)

    async def standing(self, audience: str = "internal", obligation: str = "cykel-gang") -> dict[str, Any]:
        row = await self.database.pool.fetchrow(
            """
            SELECT revision, standing FROM standing WHERE audience = $1 AND obligation = $2
            ORDER BY standing->>'first_day' DESC LIMIT 1
            """,
            audience,
            obligation,
        )
        assert row is not None
        kept: dict[str, Any] = json.loads(row["standing"])
        return {"revision": row["revision"]} | kept

    async def said(self, topic: str, obligation: str = "cykel-gang") -> list[dict[str, Any]]:
        """What waits for the relay on a topic about an obligation, in order, with the event's type."""
        rows = await self.database.pool.fetch("SELECT headers, value FROM outbox WHERE topic = $1 ORDER BY seq", topic)
        every = [json.loads(row["value"]) | {"type": _type(row["headers"])} for row in rows]
        return [event for event in every if event.get("obligation", obligation) == obligation]

    async def letters(self) -> list[str]:
        return [row["reason"] for row in await self.database.pool.fetch("SELECT reason FROM dead_letter ORDER BY id")]

    def received(self, event: ActivityEvent | BaselineReported | TextDisposed, trace: str | None = None) -> Received:
        about = {"event_id": str(uuid4()), "source": "/services/activities", "subject": "2480"}
        headers, value = binary(**about, time=NOW, data=event)
        headers = [*headers, ("traceparent", trace.encode())] if trace else headers
        record: Any = ConsumerRecord(
            "activities", 0, next(self._offsets), 0, 0, b"2480", value, None, len(value), len(value), tuple(headers)
        )
        return Received(record, parse(headers, value), event)


def _type(headers: list[str]) -> str:
    pairs = dict(zip(headers[::2], headers[1::2], strict=True))
    return pairs["ce_type"].split(".")[3]
