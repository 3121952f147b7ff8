"""Kafka is put back or begins anew while the databases do not: noticed, refused, said again, and every word is true."""

import json
from pathlib import Path

from chassis.settings import Settings
from contracts.topics import HOUSE, ingress
from local.places import ORGANISATIONS, SERVICES
from local.system import System

from tests.restores.rehearsal import aside, ends_as_told, halt, mended, refuses, rehearse, rows
from tests.topics import recreate
from tests.upgrade.archive import events

LATE = "2026-11-30T23:59"
Said = dict[str, set[str]]


def new_cluster(system: System) -> None:
    """Every topic is new and empty; each service says again what it said, and reads again what it read."""
    halt(system, *SERVICES)
    before = aside(said(system))
    settings = Settings(database_url="", kafka_bootstrap=system.kafka.bootstrap)
    aside(recreate(settings, [*HOUSE, *(ingress(name) for name in ORGANISATIONS)]))
    for service in SERVICES:
        refuses(system, service, "recover", "republish")
    assert "would be published" in mended(system, "promises", "republish", "--dry-run")
    for service in SERVICES:
        mended(system, service, "republish", "--by=Kim")
    for service in SERVICES:  # what was said again in the same order needs no recovering: it is the topic that was read
        mended(system, service, "recover", "--by=Kim")
    after = aside(said(system))
    assert after["activities"] == before["activities"]
    assert after["promises"] == before["promises"]
    assert after["notifications"] == before["notifications"]
    assert after["promise-status"] <= before["promise-status"]


async def said(system: System) -> Said:
    """The events on each topic by their ids."""
    found: Said = {}
    for topic in HOUSE:
        lines = [json.loads(line) async for line in events(system.kafka.bootstrap, topic.name)]
        found[topic.name] = {dict(line["headers"])["ce_id"] for line in lines}
    return found


def test_a_new_cluster_is_filled_from_the_databases_and_nobody_is_told_twice(scratch: Path, unique: str) -> None:
    def check(system: System) -> None:
        for service in SERVICES:
            book = aside(rows(system, service, "SELECT action FROM repair ORDER BY id"))
            assert [entry["action"] for entry in book][:1] == ["republish"]

    assert ends_as_told(rehearse(scratch / unique, {LATE: new_cluster}, check))
