"""`catalogue diff FILE`: what a load would change, standings included, and nothing written."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from contracts.activities import ActivityEvent
from promises.application.preview import Preview, preview
from promises.catalogue.check import checked
from promises.commands.differences import lines

from services.promises.tests.driving import CATALOGUE, Projector
from services.promises.tests.promising import moment

NewActivity = Callable[..., ActivityEvent]
TABLES = ("catalogue_revision", "outbox", "dirty", "standing", "standing_history", "notice", "deadline")


class Draft:
    """A changed copy of Umeå's catalogue."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(CATALOGUE.parent, folder, dirs_exist_ok=True)
        self.file = folder / CATALOGUE.name

    def change(self, old: str, new: str) -> None:
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return Draft(tmp_path)


async def look(projector: Projector, draft: Draft) -> Preview:
    return await preview(projector.database, *checked(draft.file), projector.clock.now())


async def rows(projector: Projector) -> list[int]:
    return [await projector.database.pool.fetchval(f"SELECT count(*) FROM {each}") for each in TABLES]  # noqa: S608


async def test_a_moved_window_is_told_with_the_standing_it_changes_and_nothing_is_written(
    projector: Projector, activity: NewActivity, draft: Draft
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"), activity("2026-11-09"))
    await projector.turn(moment("2026-11-20"))
    before = await rows(projector)
    draft.change('{from: "09-01", to: "11-30", basis: operator}', '{from: "09-01", to: "10-31", basis: operator}')
    found = await look(projector, draft)
    assert [(each.obligation, each.parameter) for each in found.differences] == [
        ("cykel-gang", "rule.slots.autumn.window")
    ]
    [turn] = found.standings
    assert (turn.obligation, turn.period) == ("cykel-gang", "2026")
    assert turn.old == {"verdict": "fulfilled", "at_risk": False, "overdue": False, "progress": "2/2"}
    assert turn.new == {"verdict": None, "at_risk": True, "overdue": True, "progress": "1/2"}
    assert await rows(projector) == before
    assert list(lines(found))[-1] == (
        "standing cykel-gang 2026: verdict fulfilled → null, at_risk false → true, overdue false → true, "
        "progress 2/2 → 1/2"
    )


async def test_the_same_catalogue_changes_nothing(projector: Projector, draft: Draft) -> None:
    await projector.load()
    projector.clock.moment = moment("2026-11-20")
    found = await look(projector, draft)
    assert (found.revision, found.differences, found.standings) == (1, (), ())


async def test_before_the_first_load_every_standing_begins(projector: Projector, draft: Draft) -> None:
    projector.clock.moment = moment("2026-01-20")
    found = await look(projector, draft)
    assert found.revision == 0
    assert {turn.old for turn in found.standings} == {None}
    assert "standing cykel-gang 2026: begins" in list(lines(found))


async def test_an_obligation_that_goes_and_one_that_comes_are_told(projector: Projector, draft: Draft) -> None:
    await projector.load()
    projector.clock.moment = moment("2026-05-20")
    draft.change("- id: grannsamverkan", "- id: grannstod")
    found = await look(projector, draft)
    told = list(lines(found))
    assert {"removed  grannsamverkan (2026-01-01)", "added    grannstod (2026-01-01)"} <= set(told)
    assert {"standing grannsamverkan 2026-T1: ends", "standing grannstod 2026-T1: begins"} <= set(told)
