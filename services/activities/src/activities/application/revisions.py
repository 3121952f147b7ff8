"""Stores and says the revision that a change made."""

from uuid import uuid5

from chassis.database import UnitOfWork
from contracts.topics import ACTIVITIES

from activities import document
from activities.document import Told
from activities.domain.activity import Activity
from activities.domain.commands import Command
from activities.store import acceptance


async def revise(work: UnitOfWork, command: Command, before: Activity, after: Activity) -> None:
    """Keep what the command made of a locked activity; nothing new is said when it is as it was."""
    if after.revision != before.revision:
        told = document.told(command.kind, after)
        await acceptance.revise(work.sql, command.kind, told)
        publish(work, told, command.traceparent)
    await acceptance.settle(work.sql, command, after)


def publish(work: UnitOfWork, told: Told, traceparent: str | None = None) -> None:
    """Say this revision; its event id follows from the activity and the revision."""
    activity = told.activity
    work.publish(
        ACTIVITIES,
        key=activity.content.municipality,
        event_id=str(uuid5(activity.activity_id, str(activity.revision))),
        subject=str(activity.activity_id),
        time=activity.recorded_at,
        data=told.event,
        value=told.json.encode(),
        traceparent=traceparent,
    )
