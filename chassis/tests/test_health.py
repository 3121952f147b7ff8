from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from chassis.clock import FileClock
from chassis.faults import TransientError
from chassis.health import internal_app

Ask = Callable[[str], Awaitable[httpx.Response]]
STARTED = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


class Parts:
    """What the door asks: each part answers until it is broken."""

    def __init__(self) -> None:
        self.broken: dict[str, Exception] = {}
        self.next_at: datetime | None = None

    async def ask(self, name: str) -> None:
        if name in self.broken:
            raise self.broken[name]

    async def pending(self) -> dict[str, int]:
        await self.ask("pending")
        return {"records_behind": 3, "outbox": 0}

    async def instant(self) -> datetime | None:
        return self.next_at


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def ask(parts: Parts, tmp_path: Path) -> Ask:
    (tmp_path / "clock").write_text("2026-11-02T07:30:00+01:00", encoding="ascii")
    checks = {"database": lambda: parts.ask("database"), "kafka": lambda: parts.ask("kafka")}
    app = internal_app("chassis", FileClock(tmp_path / "clock"), parts.pending, checks, parts.instant)

    async def get(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.get(path)

    return get


async def test_it_is_alive_and_ready_while_every_part_answers(ask: Ask) -> None:
    assert (await ask("/livez")).json() == {"status": "alive"}
    ready = await ask("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_it_is_alive_but_not_ready_when_a_part_does_not_answer_and_says_which(ask: Ask, parts: Parts) -> None:
    parts.broken["kafka"] = OSError("connection refused")
    answer = await ask("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "kafka: OSError: connection refused"
    assert (await ask("/livez")).status_code == 200
    parts.broken.clear()
    assert (await ask("/readyz")).status_code == 200


async def test_info_tells_what_waits_and_which_time_it_is(ask: Ask, parts: Parts) -> None:
    parts.next_at = STARTED
    told = (await ask("/info")).json()
    assert told["pending"] == {"records_behind": 3, "outbox": 0}
    assert (told["service"], told["now"], told["simulated_time"]) == ("chassis", "2026-11-02T06:30:00Z", True)
    assert told["next_at"] == "2026-11-02T06:30:00Z"
    assert told["version"]


async def test_info_that_cannot_count_says_that_a_part_is_away(ask: Ask, parts: Parts) -> None:
    parts.broken["pending"] = TransientError("away")
    answer = await ask("/info")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def test_metrics_count_the_pending_work_when_they_are_read(ask: Ask) -> None:
    text = (await ask("/metrics")).text
    assert 'lofteskollen_pending{kind="records_behind"} 3.0' in text
    assert "lofteskollen_outbox_relayed_total" in text


async def test_metrics_say_which_part_is_away_and_no_old_figure(ask: Ask, parts: Parts) -> None:
    assert 'lofteskollen_part_up{part="kafka"} 1.0' in (await ask("/metrics")).text
    parts.broken |= {"kafka": OSError("connection refused"), "pending": TransientError("away")}
    text = (await ask("/metrics")).text
    assert 'lofteskollen_part_up{part="kafka"} 0.0' in text
    assert 'lofteskollen_part_up{part="database"} 1.0' in text
    assert "lofteskollen_pending{" not in text
