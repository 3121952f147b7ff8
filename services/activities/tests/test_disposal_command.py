"""The command `dispose`, as it is typed."""

import asyncio
import sys

import pytest
from chassis.settings import Settings

from services.activities.tests.driving import Service, report

SLIP = "Anna i klass 4"
REASON = ("--reason", "ett namn", "--by", "samordnaren")


async def typed(settings: Settings, *words: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "activities", "dispose", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={
            "PATH": "",
            "PYTHONUTF8": "1",
            "LOFTESKOLLEN_DATABASE_URL": settings.database_url,
            "LOFTESKOLLEN_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        },
    )
    async with asyncio.timeout(60):
        said, _ = await process.communicate()
    return process.returncode, said.decode()


async def titles(service: Service) -> list[str | None]:
    return [event.get("title") for event in await service.said() if "reference" in event]


async def test_4_20_it_says_what_it_did_a_dry_run_does_nothing_and_twice_is_once(
    settings: Settings, service: Service
) -> None:
    name = str((await service.accepted(report(title=SLIP))).activity_id)
    status, shown = await typed(settings, name, *REASON, "--dry-run")
    assert (status, "1 revision(s)" in shown, "nothing was changed" in shown) == (0, True, True)
    assert (await titles(service), await service.rows("SELECT 1 FROM repair")) == ([SLIP], [])
    status, shown = await typed(settings, name, *REASON)
    assert (status, "1 revision(s)" in shown, "republish" in shown, "changed" in shown) == (0, True, True, False)
    assert await titles(service) == [None]
    status, shown = await typed(settings, name, *REASON)
    assert (status, "nothing here holds text of it any more" in shown) == (0, True)
    assert len(await service.rows("SELECT 1 FROM repair")) == 1
    assert "Anna" not in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("01890000-0000-7000-8000-000000000001", *REASON), "no such activity"),
        (("01890000-0000-7000-8000-000000000001", "--reason", "ring 070-123 45 67"), "looks like it holds"),
        (("01890000-0000-7000-8000-000000000001",), "--reason"),
        (("x", *REASON), "invalid UUID"),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(
    settings: Settings, service: Service, words: tuple[str, ...], says: str
) -> None:
    status, shown = await typed(settings, *words)
    assert status
    assert says in shown
    assert "Traceback" not in shown
    assert await service.rows("SELECT 1 FROM repair") == []
