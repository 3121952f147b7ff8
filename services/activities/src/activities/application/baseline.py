"""Takes baselines: a thing for each (municipality, obligation, period), each report its next revision."""

from dataclasses import asdict
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from chassis.database import UnitOfWork
from contracts.activities import BaselineReported
from contracts.topics import ACTIVITIES

from activities.application import recovered
from activities.domain.authority import Copy, check_baseline
from activities.domain.commands import BaselineAccepted, Command, Outcome, check_personal, other_content, refused_as
from activities.domain.refusal import RefusalError
from activities.store import acceptance, baselines

NAMESPACE = uuid5(NAMESPACE_URL, "https://lofteskollen.se/")


async def report(work: UnitOfWork, command: Command, copy: Copy, now: datetime) -> Outcome:
    """Take one; the same id with the same content gets the answer it got before."""
    assert command.baseline is not None
    await baselines.lock(work.sql, command.baseline.name)
    if answered := await _repeated(work, command):
        return answered
    if again := await recovered.baseline(work, command):
        return _accepted(again)
    try:
        check_personal(command)
        catalogue_revision = check_baseline(copy, command.organisation, command.baseline)
    except RefusalError as error:
        return refused_as(error)
    before = await baselines.latest(work.sql, command.baseline.name)
    event = BaselineReported(
        **asdict(command.baseline),
        baseline_id=uuid5(NAMESPACE, f"baseline/{command.baseline.name}"),
        revision=before.revision + 1 if before else 1,
        organisation=command.organisation,
        source=command.source,
        recorded_at=max(now, before.recorded_at) if before else now,
        catalogue_revision=catalogue_revision,
    )
    if not await acceptance.claim(work.sql, [(command, event.baseline_id, event.revision)]):
        return await _repeated(work, command) or other_content()
    await baselines.add(work.sql, command.baseline.name, event)
    publish(work, event, command.traceparent)
    return _accepted(event)


async def _repeated(work: UnitOfWork, command: Command) -> Outcome | None:
    known = (await acceptance.answers(work.sql, [command.key])).get(command.key)
    if known is None:
        return None
    if known["sha256"] != command.sha256:
        return other_content()
    assert command.baseline is not None
    return _accepted(await baselines.revision(work.sql, command.baseline.name, known["revision"]))


def publish(work: UnitOfWork, event: BaselineReported, traceparent: str | None = None) -> None:
    """Say this revision; its event id follows from the thing and the revision."""
    work.publish(
        ACTIVITIES,
        key=event.municipality,
        event_id=str(uuid5(event.baseline_id, str(event.revision))),
        subject=str(event.baseline_id),
        time=event.recorded_at,
        data=event,
        traceparent=traceparent,
    )


def _accepted(event: BaselineReported) -> BaselineAccepted:
    return BaselineAccepted(event.baseline_id, event.revision, event.period, event.total, event.recorded_at)
