"""What released versions left behind is taken over by this one."""

import gzip
import json
import subprocess
from pathlib import Path

import pytest
from chassis.migrate import migrate
from chassis.settings import Settings
from contracts.envelope import parse
from contracts.registry import INGRESS, SAID
from local.postgres import BINARIES

from tests.upgrade.archive import FOLDER, canonical

VERSIONS = sorted(place for place in FOLDER.iterdir() if (place / "events").is_dir())
SERVICES = ("activities", "promises", "notifications")


def unpacked(place: Path) -> str:
    return gzip.decompress(place.read_bytes()).decode()


def restore(sql: str, dsn: str) -> None:
    command = [str(BINARIES / "psql"), "-q", "-v", "ON_ERROR_STOP=1", dsn]
    subprocess.run(command, input=sql, check=True, capture_output=True, text=True)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda place: place.name)
def test_every_event_of_a_released_version_can_still_be_read(version: Path) -> None:
    read, malformed = 0, 0
    for place in (version / "events").glob("*.jsonl.gz"):
        topic = place.name.removesuffix(".jsonl.gz")
        types = {m.TYPE: m for m in SAID[INGRESS if topic.startswith("ingress.") else topic]}  # type: ignore[attr-defined]
        for line in unpacked(place).splitlines():
            record = json.loads(line)
            try:
                envelope = parse([(name, text.encode()) for name, text in record["headers"]], record["value"].encode())
                types[envelope.type].read(envelope.data)
            except (ValueError, KeyError):
                assert topic.startswith("ingress."), line
                malformed += 1
            read += 1
    assert read > 500
    assert malformed < 10, "only what senders got wrong may be unreadable"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("version", VERSIONS, ids=lambda place: place.name)
async def test_a_database_of_a_released_version_is_brought_to_this_one(
    version: Path, service: str, dsn: str, settings: Settings
) -> None:
    restore(unpacked(version / "databases" / f"{service}.sql.gz"), dsn)
    assert await canonical(dsn) == unpacked(version / "canonical" / f"{service}.txt.gz")
    await migrate(settings, service)
    assert await migrate(settings, service) == []
