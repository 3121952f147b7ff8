"""Takes events about deadlines in; any order and any repetition lead to the same state."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest

from chassis.database import UnitOfWork
from chassis.records import Received
from contracts.promises import DeadlineApproaching, DeadlineMissed, DeadlineSettled, DeadlineState

from notifications.domain.schedule import due_at, send_moment
from notifications.domain.working_days import on_or_after
from notifications.store import deadlines, reminders
from notifications.store.deadlines import DeadlineRow
from notifications.store.reminders import NewReminder


async def ingest(work: UnitOfWork, received: Sequence[Received]) -> None:
    """Keep the deadlines, enter the reminders they warrant, settle those that are no longer true."""
    told = [(item.body, item.envelope.traceparent) for item in received if isinstance(item.body, DeadlineState)]
    await keep(work, [event for event, _ in told], [trace for _, trace in told])


async def keep(work: UnitOfWork, events: Sequence[DeadlineState], traces: Sequence[str | None] = ()) -> None:
    """The same for events that are at hand, each with its trace if any has one."""
    await deadlines.keep(work.sql, [_row(event) for event in events])
    told = zip_longest(events, traces)
    new = [reminder._replace(traceparent=trace) for event, trace in told for reminder in _reminders(event)]
    if new:
        await reminders.enter(work.sql, new)
    await reminders.settle(work.sql, [event.deadline_id for event in events])


def _row(event: DeadlineState) -> DeadlineRow:
    state = DeadlineState.read(event.model_dump())
    cause = event.cause if isinstance(event, DeadlineSettled) else None
    return DeadlineRow(event.deadline_id, event.revision, cause, state.model_dump_json())


def _reminders(event: DeadlineState) -> Iterator[NewReminder]:
    """One for each awaited organisation and audience; a stage that mails nobody is entered as that."""
    if not isinstance(event, DeadlineApproaching | DeadlineMissed):
        return
    roles, state = (event.mails, "waiting") if event.mails else (("owner",), "not_mailed")
    for organisation in event.awaited:
        for role in roles:
            yield NewReminder(
                event.deadline_id,
                event.stage,
                organisation,
                role,
                event.revision,
                event.late,
                _due_at(event),
                state,
            )


def _due_at(event: DeadlineApproaching | DeadlineMissed) -> datetime:
    """The first sending moment after it was said, and not before the day it names (a month's summary)."""
    told = due_at(event.occurred_at)
    return max(told, send_moment(on_or_after(event.not_before))) if event.not_before else told
