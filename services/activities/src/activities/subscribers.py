"""Ingress topics into acceptance, the topic `promises` into the read copy."""

from collections.abc import Sequence

from chassis.database import UnitOfWork
from chassis.dead_letters import DeadLetter
from chassis.records import Received, house, strict, whole
from chassis.subscription import Subscription
from contracts.topics import INGRESS_PATTERN, PROMISES, organisation_of

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


def subscriptions(doors: Doors) -> tuple[Subscription, ...]:
    """What organisations send is read strictly: a misspelt field is an error."""

    async def reported(work: UnitOfWork, received: Sequence[Received]) -> list[DeadLetter]:
        return await doors.kafka(work, received, command)

    sent, said = strict(*ingress.BY_TYPE.values()), house(*promises.PROMISE_EVENTS)
    return (
        Subscription("activities.ingress", types=sent, handler=whole(reported), pattern=INGRESS_PATTERN),
        Subscription("activities.promises", types=said, handler=whole(copy.keep), topics=[PROMISES.name]),
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
        traceparent=item.envelope.traceparent,
    )
