"""Ingress topics into acceptance, the topic `promises` into the read copy."""

from collections.abc import Sequence

from chassis.clock import Clock
from chassis.consuming import subscribe
from chassis.database import Database, UnitOfWork
from chassis.dead_letters import DeadLetter
from chassis.records import Received, house, strict, whole
from chassis.settings import Settings
from contracts.topics import INGRESS_PATTERN, PROMISES, organisation_of
from faststream.kafka import KafkaBroker

from activities import document
from activities.application import copy
from activities.application.doors import Doors
from activities.domain.commands import Command, Kind
from contracts import ingress, promises

KINDS: dict[str, Kind] = {
    ingress.ActivityReported.TYPE: "log",
    ingress.ActivityCorrectionReported.TYPE: "correct",
    ingress.ActivityRetractionReported.TYPE: "retract",
    ingress.ActivityConfirmationReported.TYPE: "confirm",
    ingress.BaselineReport.TYPE: "baseline",
}


def attach(broker: KafkaBroker, settings: Settings, *, database: Database, clock: Clock, doors: Doors) -> None:
    """Subscribe before the broker starts. What organisations send is read strictly: a misspelt field is an error."""

    async def reported(work: UnitOfWork, received: Sequence[Received]) -> list[DeadLetter]:
        return await doors.kafka(work, received, command)

    subscribe(
        broker,
        settings,
        group="activities.ingress",
        database=database,
        clock=clock,
        types=strict(*ingress.BY_TYPE.values()),
        handler=whole(reported),
        pattern=INGRESS_PATTERN,
    )
    subscribe(
        broker,
        settings,
        group="activities.promises",
        database=database,
        clock=clock,
        types=house(*promises.PROMISE_EVENTS),
        handler=whole(copy.keep),
        topics=[PROMISES.name],
    )


def command(item: Received) -> Command | DeadLetter:
    """A record as a command; the topic says who speaks, the subject which activity is meant."""
    kind = KINDS[item.envelope.type]
    subject = (item.envelope.subject or "").strip()
    activity_id = document.identifier(subject) if kind == "confirm" else None
    if not subject or (kind == "confirm" and activity_id is None):
        wanted = "the activity's id" if kind == "confirm" else "your reference of the activity"
        detail = f"the CloudEvents attribute `subject` must be {wanted}"
        return DeadLetter(item.record, "invalid", detail, item.envelope.id, item.envelope.type)
    body = item.body
    return Command(
        kind=kind,
        organisation=organisation_of(item.record.topic),
        source=item.envelope.source,
        event_id=item.envelope.id,
        reference=None if kind == "confirm" else subject,
        activity_id=activity_id,
        content=document.content(body) if isinstance(body, ingress.ActivityContent) else None,
        baseline=document.baseline(body) if isinstance(body, ingress.BaselineReport) else None,
        reason=body.reason if isinstance(body, ingress.ActivityRetractionReported) else None,
        patient=kind not in {"log", "baseline"},
    )
