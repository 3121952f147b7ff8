"""While an upgrade goes on, the version before runs on databases and topics that this version has prepared."""

import asyncio
import os
import sys
import tarfile
from datetime import datetime
from pathlib import Path

import pytest
from local.places import ONE_PROMISE, SERVICES, story
from local.system import System

from local import closing
from tests.upgrade.archive import FOLDER
from tests.year import ONE_CUT_EACH, played, running

TOLD = story(ONE_PROMISE)


@pytest.fixture(params=sorted(FOLDER.glob("*/code.tar.gz")), ids=lambda place: place.parent.name)
def code(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a released version's modules are, as a path to search."""
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    return os.pathsep.join(str(room) for room in sorted(tmp_path.glob("**/src")))


def test_the_version_before_keeps_every_word_on_migrated_databases_and_is_replaced_amid_its_work(
    scratch: Path, unique: str, code: str
) -> None:
    left = dict(ONE_CUT_EACH)
    before = set(SERVICES)

    class Upgrading(System):
        """What was not replaced yet runs the released code; everything else is this version's."""

        def serving(self, service: str) -> list[str]:
            old = [f"PYTHONPATH={code}"] if service in before else []
            return ["env", *old, sys.executable, "-m", service, "serve"]

    async def replaced(now: datetime) -> None:
        if service := left.pop(now, None):
            before.discard(service)
            system.supervisor.children[service].command = system.serving(service)
            system.kill(service)

    with running(scratch / unique, TOLD, Upgrading) as system:
        outcome = asyncio.run(played(system, replaced, TOLD))
    assert not left
    assert closing.differences(outcome, TOLD.expected) == []
    assert len(set(outcome.message_ids)) == 9
