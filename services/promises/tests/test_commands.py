"""The commands about catalogues, as a person types them."""

import asyncio
import shutil
import sys
from pathlib import Path

from chassis.migrate import migrate
from chassis.settings import Settings

from services.promises.tests.driving import CATALOGUE


async def typed(*words: str, **environment: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "promises", "catalogue", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": "", "PYTHONUTF8": "1"} | environment,
    )
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


def wrong(folder: Path) -> Path:
    shutil.copytree(CATALOGUE.parent, folder, dirs_exist_ok=True)
    place = folder / CATALOGUE.name
    text = place.read_text(encoding="utf-8").replace("[lighting, reflector]", "[lighting, reflektor]")
    place.write_text(text, encoding="utf-8")
    return place


async def test_umeas_catalogue_is_right_and_a_wrong_one_is_refused_with_its_line(tmp_path: Path) -> None:
    status, said, _ = await typed("check", str(CATALOGUE))
    assert (status, said.startswith(f"{CATALOGUE}: right, 9 promises, ")) == (0, True)
    place = wrong(tmp_path)
    status, _, complaint = await typed("check", str(place))
    line = next(n for n, text in enumerate(place.read_text(encoding="utf-8").splitlines(), 1) if "reflektor" in text)
    assert status == 1
    assert complaint.startswith(f"{place.name}:{line}: ")
    assert "near: reflector" in complaint
    assert "Traceback" not in complaint


async def test_a_file_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    status, _, complaint = await typed("check", str(tmp_path / "gone.yaml"))
    assert status == 1
    assert "gone.yaml" in complaint
    assert "Traceback" not in complaint


async def test_4_22_loading_says_the_revision_and_a_wrong_catalogue_changes_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    await migrate(settings, "promises")
    where = {"LOFTESKOLLEN_DATABASE_URL": settings.database_url, "LOFTESKOLLEN_KAFKA_BOOTSTRAP": "unused:9092"}
    _, first, _ = await typed("load", str(CATALOGUE), **where)
    assert "revision 1 in force, 9 promises" in first
    status, _, complaint = await typed("load", str(wrong(tmp_path)), **where)
    assert (status, "refused whole" in complaint) == (1, True)
    _, again, _ = await typed("load", str(CATALOGUE), **where)
    assert "revision 1 was in force already, nothing changed" in again
