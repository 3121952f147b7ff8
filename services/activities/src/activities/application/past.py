"""What this service said: taken back after a restore, said again when the topic is new."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import partial
from typing import cast

from chassis.database import Connection, UnitOfWork
from chassis.past import Say, own_topics
from chassis.records import Received, house
from contracts.activities import EVENTS, ActivityEvent, ActivityState, BaselineReported, TextDisposed

from activities import document
from activities.application import baseline, dispose
from activities.application.revisions import publish
from activities.domain.commands import Kind
from activities.store import disposal, past, recovered

KINDS = {event: kind for kind, event in document.EVENTS.items()}


class Past:
    """Revisions of activities and of baselines, whole in their events, and whose text was disposed of."""

    topics = own_topics("activities")
    types = house(*EVENTS)
    inputs_first = False

    async def unknown(self, sql: Connection, said: Sequence[Received]) -> int:
        """How many of these revisions are not here."""
        count = await recovered.unknown_activities(sql, _activities(said))
        count += await disposal.unknown(sql, _disposals(said))
        return count + await recovered.unknown_baselines(sql, _baselines(said))

    async def take_back(self, work: UnitOfWork, said: Sequence[Received]) -> None:
        """Hold the revisions. Which command made them is not said; a repetition is known by what it asks."""
        for event in _activities(said):
            state = ActivityState.read(event.model_dump()).model_dump_json(exclude_none=True)
            await recovered.take_activity(work.sql, event, KINDS[type(event)], state)
        for reported in _baselines(said):
            await recovered.take_baseline(work.sql, reported)
        for disposed in _disposals(said):
            await disposal.blank_revisions(work.sql, disposed)

    async def conclude(self, work: UnitOfWork, now: datetime) -> list[str]:  # noqa: ARG002 - others need them
        """Nothing is to be said."""
        return []

    async def facts(self, sql: Connection) -> AsyncIterator[Say]:
        """Every revision there is, then what was disposed of: a reader put back may hold the text still."""
        async for row in past.everything(sql):
            if row["command"] is None:
                yield _baseline(row["state"])
            else:
                yield _activity(row["command"], row["state"])
        for event in await disposal.every(sql):
            yield partial(dispose.publish, event=event)


def _activity(kind: str, state: str) -> Say:
    told = document.told(cast("Kind", kind), document.activity(state))
    return lambda work: publish(work, told)


def _baseline(state: str) -> Say:
    event = BaselineReported.model_validate_json(state)
    return lambda work: baseline.publish(work, event)


def _activities(said: Sequence[Received]) -> list[ActivityEvent]:
    found = [cast("ActivityEvent", item.body) for item in said if isinstance(item.body, ActivityState)]
    return sorted(found, key=lambda event: event.revision)


def _disposals(said: Sequence[Received]) -> list[TextDisposed]:
    return [item.body for item in said if isinstance(item.body, TextDisposed)]


def _baselines(said: Sequence[Received]) -> list[BaselineReported]:
    return [item.body for item in said if isinstance(item.body, BaselineReported)]
