"""Disposes of the text of an activity, all or nothing, and enters in the book who did it and why."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from chassis.database import UnitOfWork
from chassis.repairs import Deed
from contracts.activities import TextDisposed
from contracts.topics import ACTIVITIES

from activities.store import disposal
from chassis import repairs


class Disposed(NamedTuple):
    """How many rows held text: all zero where it was disposed of before."""

    revisions: int
    events: int
    early_birds: int
    dead_letters: int


async def dispose(work: UnitOfWork, activity_id: UUID, deed: Deed, now: datetime) -> Disposed | None:
    """Blank the text of every revision there is, here and, by an event, wherever it was read; None if there is none.

    A later correction may bring another text; what it says is not disposed of.
    """
    activity = await disposal.locked(work.sql, activity_id)
    if activity is None:
        return None
    event = TextDisposed(
        activity_id=activity_id,
        revision=activity.revision,
        municipality=activity.content.municipality,
        disposed_at=now,
    )
    wording = await disposal.texts(work.sql, activity_id)
    done = Disposed(
        await disposal.blank_revisions(work.sql, event),
        await disposal.blank_outbox(work.sql, activity_id),
        await disposal.blank_early_birds(work.sql, activity),
        await disposal.blank_dead_letters(work.sql, activity, wording, now),
    )
    if done.revisions:
        publish(work, event)
    if any(done):
        await repairs.note(work.sql, deed, told(done))
    return done


def told(done: Disposed) -> str:
    """What was done, as a sentence without any of the text."""
    if not any(done):
        return "nothing here holds text of it any more"
    parts = ("revision(s)", "event(s) not sent yet", "change(s) that wait", "dead letter(s)")
    return "text taken out of " + ", ".join(f"{n} {what}" for n, what in zip(done, parts, strict=True))


def publish(work: UnitOfWork, event: TextDisposed) -> None:
    """Say it; the event's id follows from the activity and the revision."""
    work.publish(
        ACTIVITIES,
        key=event.municipality,
        event_id=str(uuid5(event.activity_id, f"disposed/{event.revision}")),
        subject=str(event.activity_id),
        time=event.disposed_at,
        data=event,
    )
