"""One fault for every alert: each breaks something real, and mends it as docs/operating.md says."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from chassis.kafka import MAX_RECORD_BYTES
from contracts.topics import ACTIVITIES, ingress
from local.demo import set_clock
from local.places import ORGANISATIONS, ROOT

from tests.alerts.watched import TOLD, Watched, comes, until
from tests.year import at

POLICE, TOWN = ORGANISATIONS
FAULTS: dict[str, Callable[[Watched], AbstractContextManager[None]]] = {}
MANY = 1000


def raises(alert: str) -> Callable[[Callable[[Watched], Iterator[None]]], None]:
    """The fault raises this alert."""

    def remember(fault: Callable[[Watched], Iterator[None]]) -> None:
        FAULTS[alert] = contextmanager(fault)

    return remember


@raises("ServiceDown")
def a_service_is_frozen(system: Watched) -> Iterator[None]:
    process = system.supervisor.children["notifications"].process
    process.send_signal(signal.SIGSTOP)
    yield
    process.send_signal(signal.SIGCONT)


@raises("DatabaseAway")
def postgresql_is_stopped(system: Watched) -> Iterator[None]:
    """Reports are answered 503 meanwhile, of which nobody is told beside."""
    with system.reporting():
        system.postgres.stop()
        yield
        silenced = comes(lambda: "AcceptErrors" in system.silenced())
        system.postgres.start()
    assert silenced


@raises("KafkaAway")
def kafka_is_stopped(system: Watched) -> Iterator[None]:
    """Reports are accepted meanwhile and wait in the outbox, of which nobody is told beside."""
    system.kafka.stop()
    assert system.report("while-kafka-is-away") == 201
    yield
    silenced = comes(lambda: "RelayStuck" in system.silenced())
    system.kafka.start()
    assert silenced


@raises("AcceptErrors")
def a_right_is_missing(system: Watched) -> Iterator[None]:
    with system.reporting():
        system.sql("activities", "REVOKE INSERT ON activity FROM activities")
        yield
        system.sql("activities", "GRANT INSERT ON activity TO activities")


@raises("AcceptSlow")
def a_table_is_locked_again_and_again(system: Watched) -> Iterator[None]:
    with system.reporting(), system.locking("activities", "LOCK TABLE activity; SELECT pg_sleep(0.8)"):
        yield


@raises("NotMeasured")
def a_right_to_look_is_missing(system: Watched) -> Iterator[None]:
    system.sql("notifications", "REVOKE SELECT ON dead_letter FROM notifications")
    yield
    system.sql("notifications", "GRANT SELECT ON dead_letter TO notifications")


@raises("ReaderStuck")
def a_position_is_locked(system: Watched) -> Iterator[None]:
    with system.transaction("promises", "SELECT FROM position FOR UPDATE"):
        system.report("nobody-reads-it")
        yield


@raises("RelayStuck")
def a_topic_takes_nothing(system: Watched) -> Iterator[None]:
    """Somebody has given it another size of messages."""
    asyncio.run(_allow(system, 10))
    system.report("nobody-carries-it")
    yield
    asyncio.run(_allow(system, MAX_RECORD_BYTES))


async def _allow(system: Watched, most: int) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=system.kafka.bootstrap)
    await client.start()
    configs = ACTIVITIES.config | {"max.message.bytes": str(most)}
    await client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, ACTIVITIES.name, configs=configs)])
    await client.close()


@raises("StandingDelayed")
def an_obligation_is_locked(system: Watched) -> Iterator[None]:
    lock = "SELECT pg_advisory_xact_lock(hashtextextended('2480/cykel-gang', 0))"
    with system.transaction("promises", lock):
        system.report("nobody-judges-it")
        yield


@raises("EvaluationFailing")
def a_standing_cannot_be_written(system: Watched) -> Iterator[None]:
    system.sql("promises", "REVOKE INSERT, UPDATE ON standing FROM promises")
    system.report("judging-it-fails")
    yield
    said = system.command("promises", "inspect")
    system.sql("promises", "GRANT INSERT, UPDATE ON standing TO promises")
    assert "failed again" not in system.command("promises", "retry", "--by", "operations")
    assert "InsufficientPrivilege" in said


@raises("DeadLetters")
def a_record_is_no_json(system: Watched) -> Iterator[None]:
    asyncio.run(_send(system, b'{"municipality": '))
    yield
    listed = system.command("activities", "dead-letters", "list").split()
    number = next(word for word in listed if word.strip("#").isdigit()).strip("#")
    assert "municipality" in system.command("activities", "dead-letters", "show", number)
    system.command("activities", "dead-letters", "discard", number, "--reason", "no JSON", "--by", "operations")


async def _send(system: Watched, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=system.kafka.bootstrap)
    await producer.start()
    await producer.send_and_wait(ingress(TOWN).name, value, key=b"broken")
    await producer.stop()


@raises("BackupOld")
def the_backup_did_not_run(system: Watched) -> Iterator[None]:
    yesterday = time.time() - 27 * 60 * 60
    os.utime(system.stamp, (yesterday, yesterday))
    yield
    system.stamp.touch()


@raises("MailNotLeaving")
def the_mail_server_takes_nothing(system: Watched) -> Iterator[None]:
    system.mail_server.rcpt += ["451 come again"] * MANY
    system.now("2026-03-02T07:30")
    until("a mail was tried", lambda: len(system.mail_server.rcpt) < MANY)
    system.now("2026-03-02T07:46")
    yield
    said = system.command("notifications", "inspect")
    system.mail_server.rcpt.clear()
    assert "reply 451" in said


@raises("MailUncertain")
def the_mail_server_hangs_up(system: Watched) -> Iterator[None]:
    system.mail_server.data += ["hang up late"] * 2 * len(ORGANISATIONS)  # after two doubts nobody tries again
    system.now("2026-04-16T07:30")
    yield
    assert "state uncertain" in system.command("notifications", "inspect")


@raises("MailFailed")
def a_mailbox_is_gone(system: Watched) -> Iterator[None]:
    system.mail_server.rcpt += ["550 no such mailbox"]
    system.now("2026-05-11T07:30")
    yield
    assert "reply 550" in system.command("notifications", "inspect")


@raises("PromiseMissed")
def the_spring_operation_is_late(system: Watched) -> Iterator[None]:
    system.now("2026-06-01T12:00")
    yield
    assert system.told_by("promises", "/v1/municipalities/2480/obligations/cykel-gang/evidence")
    done_in_spring(system)


@raises("FeedSilent")
def an_organisation_falls_silent(system: Watched) -> Iterator[None]:
    system.now("2026-06-02T12:00")
    done_in_spring(system)
    set_clock(system.clock, at("2026-06-24T12:00"))
    system.report("only-the-town-reports", TOWN)
    yield
    assert system.told_by("activities", "/v1/refusals")
    system.report("the-police-report-again", POLICE)


@raises("OwnerUnaddressed")
def an_owner_has_no_mailbox(system: Watched) -> Iterator[None]:
    text = system.recipients.read_text(encoding="utf-8")
    system.recipients.write_text(text[: text.rindex("  - organisation: umea-kommun")], encoding="utf-8")
    system.now("2026-09-01T07:30")
    done_in_spring(system)
    yield
    system.recipients.write_text(text, encoding="utf-8")
    system.now("2026-09-02T07:30")


@raises("CatalogueExpiring")
def the_catalogue_ends_soon(system: Watched) -> Iterator[None]:
    system.now("2026-11-17T12:00")
    done_in_spring(system)
    yield
    load_the_next_catalogue(system)


@raises("PromiseDeadlineNear")
def the_autumn_operation_is_not_done(system: Watched) -> Iterator[None]:
    system.now("2026-11-21T12:00")
    load_the_next_catalogue(system)
    done_in_spring(system)
    yield
    agenda = system.told_by("promises", "/v1/municipalities/2480/agenda")
    done(system, "2026-11-20", ["reflector"])
    assert "cykel-gang" in agenda


def done_in_spring(system: Watched) -> None:
    """Both owners report the spring's operation, late or again."""
    done(system, "2026-05-20", ["bicycle_helmet"])


def done(system: Watched, day: str, themes: list[str]) -> None:
    """Both owners report an operation that counts."""
    what = {"special_effort": True, "audiences": ["cyclist", "pedestrian"], "occasion_key": f"{day}/insats"}
    for organisation in ORGANISATIONS:
        moment = {"occurred_at": f"{day}T09:00:00+02:00"}
        assert system.report(f"done/{day}", organisation, themes=themes, **what, **moment) in {200, 201}


def load_the_next_catalogue(system: Watched) -> None:
    """The same promises another year."""
    text = TOLD.catalogue.read_text(encoding="utf-8").replace("to: 2026-12-31", "to: 2027-12-31")
    place = system.folder / "2480-umea.yaml"
    place.write_text(text.replace("../../../../", f"{ROOT}/"), encoding="utf-8")
    for words in (("check",), ("diff",), ("load",)):
        system.command("promises", "catalogue", *words, str(place))
