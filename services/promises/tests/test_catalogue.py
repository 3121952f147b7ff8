import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chassis.database import Database, connect
from chassis.migrate import migrate
from chassis.settings import Settings
from chassis.sources import SourceError
from promises.application.load import load
from promises.catalogue.check import checked

CATALOGUES = Path(__file__).resolve().parents[3] / "catalogue"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
Edit = Callable[[str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The folder of catalogues with one change in Umeå's file."""
    shutil.copytree(CATALOGUES, tmp_path, dirs_exist_ok=True)
    place = tmp_path / "2480-umea.yaml"

    def edit(old: str, new: str) -> Path:
        text = place.read_text(encoding="utf-8")
        assert old in text
        place.write_text(text.replace(old, new, 1), encoding="utf-8")
        return place

    return edit


def line_of(place: Path, text: str) -> int:
    return 1 + next(n for n, line in enumerate(place.read_text(encoding="utf-8").splitlines()) if text in line)


def test_umeas_leaflet_holds_nine_promises_with_their_printed_words() -> None:
    catalogue, organisations = checked(CATALOGUES / "2480-umea.yaml")
    assert [len(catalogue.promises), len(organisations.organisations)] == [9, 2]
    assert catalogue.promises[0].quote.startswith("Polisen lovar att eftersträva")


@pytest.mark.parametrize(
    ("old", "new", "at", "reason"),
    [
        ("themes: {value: [lighting, reflector]", "themes: {value: [lighting, reflektor]", "reflektor", "reflector"),
        (
            "owners: [polisen-lpo-umea, umea-kommun]",
            "owners: [polisen-lpo-ume]",
            "polisen-lpo-ume]",
            "polisen-lpo-umea",
        ),
        ("vid minst två tillfällen", "vid minst tre tillfällen", "quote", "not printed"),
        ("sha256: 6cd2", "sha256: 7cd2", "sha256", "SHA-256"),
        ("period: {value: year, basis: leaflet}", "period: {value: year}", "period: {value", "basis"),
        ("grace_days: {value: 14", "grace_days: {value: fourteen", "fourteen", "whole number"),
        ('window: {from: "09-01", to: "11-30"', 'window: {from: "09-01", to: "11-31"', "11-31", "11-31"),
        ("  - id: moped-a-traktor", "  - id: cykel-gang", "- id: cykel-gang", "cykel-gang"),
        (
            "audiences: {value: [cyclist, pedestrian]",
            "audience: {value: [cyclist]",
            "audience: {value: [cyclist]",
            "no field is called so",
        ),
        ("promises:\n", "promises:\n  - {id: [\n", "", "expected"),
        ("validity: {from: 2026-01-01", "validity: {from: 2026-13-01", "2026-13-01", "calendar"),
    ],
)
def test_4_22_a_wrong_catalogue_is_refused_with_file_line_and_what_to_mend(
    edited: Edit, old: str, new: str, at: str, reason: str
) -> None:
    place = edited(old, new)
    with pytest.raises(SourceError) as refused:
        checked(place)
    first = str(refused.value).splitlines()[0]
    found = re.match(r"(.*2480-umea\.yaml):(\d+): ", first)
    assert found, first
    assert reason in str(refused.value)
    if at:
        lines = [n for n, line in enumerate(place.read_text(encoding="utf-8").splitlines(), 1) if at in line]
        assert any(f"2480-umea.yaml:{line}: " in str(refused.value) for line in lines), refused.value


@pytest.fixture
async def database(settings: Settings) -> Database:
    await migrate(settings, "promises")
    return await connect(settings, "promises")


async def _counts(database: Database) -> list[int]:
    tables = ("catalogue_revision", "outbox", "dirty")
    return [await database.pool.fetchval(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608


async def test_loading_twice_changes_nothing_and_a_change_is_a_new_revision(database: Database, edited: Edit) -> None:
    first = await load(database, *checked(CATALOGUES / "2480-umea.yaml"), NOW)
    assert (first.revision, first.changed, await _counts(database)) == (1, True, [1, 9, 10])
    again = await load(database, *checked(edited("name: Umeå", "name:    Umeå  # the same")), NOW)
    assert (again.revision, again.changed, await _counts(database)) == (1, False, [1, 9, 10])
    changed = await load(database, *checked(edited("grace_days: {value: 14", "grace_days: {value: 21")), NOW)
    assert (changed.revision, changed.changed, await _counts(database)) == (2, True, [2, 18, 10])
    await database.close()
