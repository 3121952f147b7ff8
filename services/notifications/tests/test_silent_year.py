"""The mail burden of a year in which nobody reports anything: what the projector says of it, and what is mailed."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from chassis.database import connect
from chassis.migrate import migrate
from chassis.settings import Settings
from contracts.envelope import event_type
from contracts.promises import DeadlineApproaching, DeadlineMissed, DeadlineSettled, DeadlineState
from local.postgres import Postgres
from notifications.domain.schedule import ZONE
from notifications.domain.working_days import on_or_after
from notifications.store import reminders

from services.promises.tests.driving import Projector

if TYPE_CHECKING:
    from services.notifications.tests.conftest import House

BEGINS, ENDS = datetime(2026, 1, 1, tzinfo=ZONE), datetime(2027, 3, 1, tzinfo=ZONE)
EVENTS = {event_type(event): event for event in (DeadlineApproaching, DeadlineMissed, DeadlineSettled)}
MANAGERS = """
  - {organisation: polisen-lpo-umea, role: manager, name: Chefen, address: chef@polisen.example}
  - {organisation: umea-kommun, role: manager, name: Chefen, address: chef@umea.example}
"""


@pytest.fixture
def promises_dsn(postgres: Postgres, unique: str) -> str:
    return postgres.create_database(f"{unique}_promises")


@pytest.fixture
async def projector(promises_dsn: str) -> AsyncIterator[Projector]:
    settings = Settings(database_url=promises_dsn, kafka_bootstrap="127.0.0.1:9")
    await migrate(settings, "promises")
    database = await connect(settings, "promises")
    yield Projector(database)
    await database.close()


async def told(projector: Projector) -> list[DeadlineState]:
    """What the projector says of Umeå's leaflet when it is silent all year."""
    projector.clock.moment = BEGINS
    await projector.load()
    await projector.live(ENDS)
    rows = await projector.database.pool.fetch(
        "SELECT headers, value FROM outbox WHERE topic = 'deadlines' ORDER BY seq"
    )
    return [EVENTS[_type(row["headers"])].model_validate_json(row["value"]) for row in rows]


def _type(flat: list[str]) -> str:
    return flat[flat.index("ce_type") + 1]


async def lived(house: "House", events: list[DeadlineState]) -> None:
    """Each event is heard when it was said, and the service works whenever it has something to look at."""
    now, ahead = BEGINS, sorted(events, key=lambda event: event.occurred_at)
    while now < ENDS:
        await house.tell(*(event for event in ahead if event.occurred_at <= now))
        ahead = [event for event in ahead if event.occurred_at > now]
        await house.at(now.astimezone(ZONE).replace(tzinfo=None).isoformat())
        async with house.database.pool.acquire() as sql:
            looked = await reminders.next_look(sql, now)
        now = min((at for at in (looked, *(event.occurred_at for event in ahead[:1])) if at), default=ENDS)


async def digests(house: "House") -> dict[str, dict[date, list[Any]]]:
    """What each mailbox was told on which days."""
    rows = await house.database.pool.fetch(
        """
        SELECT m.recipient, digest_day, stage, (d.state->>'leaflet_basis')::boolean AS leaflet,
            (d.state->>'last_day')::date AS last_day
        FROM mail AS m JOIN reminder AS r USING (mail_id) JOIN deadline AS d USING (deadline_id)
        WHERE m.state = 'sent' ORDER BY digest_day
        """
    )
    found: dict[str, dict[date, list[Any]]] = {}
    for row in rows:
        found.setdefault(row["recipient"], {}).setdefault(row["digest_day"], []).append(row)
    return found


def could_wait(item: Any, day: date) -> bool:  # noqa: ANN401 - a row of `digests`
    """Neither a last call of the leaflet nor a window that closes before the next week's digest."""
    next_week = on_or_after(day - timedelta(day.weekday()) + timedelta(7))
    return not (item["leaflet"] and item["stage"] in {"days_1", "missed"}) and not day <= item["last_day"] < next_week


async def test_7_27_a_year_of_silence_is_no_flood_of_mails(house: "House", projector: Projector) -> None:
    """Owners and managers of Umeå's two organisations; everything mailed at once would be 424 reminders on 54 days."""
    house.write_recipients(house.settings.recipients_file.read_text(encoding="utf-8") + MANAGERS)
    await lived(house, await told(projector))
    mailed = await digests(house)
    assert len(mailed) == 4
    assert sum(map(len, mailed.values())) == len(house.inbox.kept)
    assert set((await house.reminders()).values()) == {"sent", "not_mailed"}
    for days in mailed.values():
        assert 0 < len(days) <= 40
        for before, day in pairwise(days):
            if before.isocalendar()[:2] == day.isocalendar()[:2]:
                assert not all(could_wait(item, day) for item in days[day]), f"{before} and {day} in one week"
    assert sum(len(items) for days in mailed.values() for items in days.values()) < 424 / 2
