"""A database is put back while Kafka is not: noticed at start, refused, recovered, and every word is true."""

from pathlib import Path

from local.places import SERVICES
from local.system import System

from tests.restores.rehearsal import Backup, Deed, aside, ends_as_told, halt, mended, refuses, rehearse, rows

BACKUPS = {"activities": "2026-03-01", "promises": "2026-04-15T09:20", "notifications": "2026-05-31T23:59"}
ACCIDENTS = {"notifications": "2026-10-31T23:59", "activities": "2026-11-30T23:59", "promises": "2026-12-31T23:59"}


def accident(backup: Backup) -> Deed:
    """The service's database is what it was when the backup was taken."""

    def put_back(system: System) -> None:
        service = backup.service
        halt(system, service)
        backup.put_back(system)
        refuses(system, service, "recover")
        assert "remedy: " in mended(system, service, "recover", "--dry-run")
        assert "recovered: " in mended(system, service, "recover", "--by=Kim")
        assert "nothing to recover" in mended(system, service, "recover")

    return put_back


def test_each_database_put_back_by_months_recovers_and_nothing_is_said_or_mailed_twice(
    scratch: Path, unique: str
) -> None:
    backups = {service: Backup(service) for service in SERVICES}
    deeds: dict[str, Deed] = {BACKUPS[service]: backup.take for service, backup in backups.items()}
    deeds |= {moment: accident(backups[service]) for service, moment in ACCIDENTS.items()}

    def check(system: System) -> None:
        for service in SERVICES:
            (entry,) = aside(rows(system, service, "SELECT done_by, action FROM repair"))
            assert tuple(entry) == ("Kim", "recover")

    assert ends_as_told(rehearse(scratch / unique, deeds, check))


def test_dumps_of_this_moment_in_a_new_cluster_go_on_without_a_word(scratch: Path, unique: str) -> None:
    backups = [Backup(service) for service in SERVICES]

    def move(system: System) -> None:
        halt(system, *SERVICES)
        for backup in backups:
            backup.take(system)
            backup.put_back(system)
            assert "nothing to recover" in mended(system, backup.service, "recover", "--dry-run")

    assert ends_as_told(rehearse(scratch / unique, {"2026-11-18T10:15": move}))
