"""An obligation whose evaluation keeps failing: it harms no other, is shown with its error, and is taken up again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from chassis.commands import Service, main
from chassis.settings import Settings
from contracts.activities import ActivityEvent
from promises import commands
from promises.application.recovery import Past
from promises.store.waiting import dirty

from services.promises.tests.driving import Projector

NOW = datetime(2026, 11, 20, tzinfo=UTC)
Typed = Callable[..., Awaitable[str]]


@pytest.fixture
def typed(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.setenv("LOFTESKOLLEN_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("LOFTESKOLLEN_KAFKA_BOOTSTRAP", settings.kafka_bootstrap)

    async def never(_: object) -> None:
        raise AssertionError

    async def run(*words: str) -> str:
        service = Service("promises", "", never, "activities", lambda *_: (), lambda _: Past(), dirty)
        assert await asyncio.to_thread(main, service, commands.add, words) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
async def broken(projector: Projector, activity: Callable[..., ActivityEvent]) -> Projector:
    """Evidence of `cykel-gang` that nothing can be made of, beside a sound report of `moped-a-traktor`."""
    await projector.load()
    other = {"obligations": ("moped-a-traktor",), "footprint": ({"obligation": "moped-a-traktor", "counted_on": NOW},)}
    sound = {"counted_on": NOW.date(), "audiences": ("tuned_moped",)}
    await projector.ingest(activity("2026-04-14"), activity("2026-11-20", **(other | sound)))
    await projector.database.pool.execute(
        "UPDATE evidence SET facts = facts - 'status' WHERE obligation = 'cykel-gang'"
    )
    await projector.turn(NOW)
    return projector


async def _entries(projector: Projector) -> list[Any]:
    return list(await projector.database.pool.fetch("SELECT action, subject, done_by, outcome FROM repair ORDER BY id"))


async def test_it_harms_no_other_and_is_shown_with_its_error(broken: Projector, typed: Typed) -> None:
    assert (await broken.standing(obligation="moped-a-traktor"))["counted"] == 1
    (row,) = json.loads(await typed("inspect", "--json"))["waits"]["dirty"]
    assert (row["municipality"], row["obligation"], row["attempts"]) == ("2480", "cykel-gang", 1)
    assert "status" in row["error"]
    assert "obligation cykel-gang" in await typed("inspect")


async def test_a_retry_says_what_comes_of_it_and_by_whom_it_was(broken: Projector, typed: Typed) -> None:
    assert "failed 1 time(s), " in await typed("retry", "--dry-run")
    assert await _entries(broken) == []
    assert "now: failed again, " in await typed("retry", "2480/cykel-gang", "--by=Kim")
    await broken.database.pool.execute("""UPDATE evidence SET facts = facts || '{"status": "done"}'""")
    assert "now: evaluated" in await typed("retry", "--by=Kim")
    assert (await broken.standing())["counted"] == 1
    assert "0 obligation(s)" in await typed("retry")
    assert [(e["action"], e["subject"], e["done_by"]) for e in await _entries(broken)] == [
        ("retry", "2480/cykel-gang", "Kim")
    ] * 2
