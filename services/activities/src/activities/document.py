"""Activities and commands between the domain, the contracts and JSON."""

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from contracts.activities import (
    ActivityConfirmed,
    ActivityCorrected,
    ActivityEvent,
    ActivityLogged,
    ActivityRetracted,
    ActivityState,
)
from contracts.ingress import ActivityContent, BaselineContent
from pydantic import TypeAdapter

from activities.domain.activity import Activity, Content
from activities.domain.baseline import Baseline
from activities.domain.commands import Command

EVENTS: dict[str, type[ActivityEvent]] = {
    "log": ActivityLogged,
    "correct": ActivityCorrected,
    "retract": ActivityRetracted,
    "confirm": ActivityConfirmed,
}
_COMMAND = TypeAdapter(Command)
_CONTENT = set(ActivityContent.model_fields)


def content(message: ActivityContent) -> Content:
    """A sender's message as the domain reads it."""
    return Content(**{name: getattr(message, name) for name in _CONTENT})


def baseline(message: BaselineContent) -> Baseline:
    """A sender's baseline as the domain reads it."""
    total = sum(message.units.values()) if message.total is None else message.total
    return Baseline(message.municipality, message.obligation, message.period, message.quantity, total, message.units)


def state(activity: Activity) -> ActivityState:
    """An activity as its events carry it."""
    return ActivityState(**_fields(activity))


def event(kind: str, activity: Activity) -> ActivityEvent:
    """The event that tells of this revision."""
    return EVENTS[kind](**_fields(activity))


def _fields(activity: Activity) -> dict[str, Any]:
    body: dict[str, Any] = asdict(activity)
    inner: dict[str, Any] = body.pop("content")
    pairs = [{"obligation": name, "counted_on": day} for name, day in activity.footprint]
    return inner | body | {"footprint": pairs}


def activity(stored: str) -> Activity:
    """An activity as it was stored."""
    kept = ActivityState.model_validate_json(stored)
    inner = {name: getattr(kept, name) for name in _CONTENT}
    return Activity(
        activity_id=kept.activity_id,
        revision=kept.revision,
        organisation=kept.organisation,
        source=kept.source,
        reference=kept.reference,
        content=Content(**inner),
        counted_on=kept.counted_on,
        confirmed_by=kept.confirmed_by,
        footprint=tuple((pair.obligation, pair.counted_on) for pair in kept.footprint),
        recorded_at=kept.recorded_at,
        catalogue_revision=kept.catalogue_revision,
    )


def command_json(command: Command) -> str:
    """A command that waits, as JSON."""
    return _COMMAND.dump_json(command).decode()


def command(stored: str) -> Command:
    """A command that waited."""
    return _COMMAND.validate_json(stored)


def view(stored: str) -> dict[str, Any]:
    """An activity as the API shows it; the footprint is for consumers alone."""
    body: dict[str, Any] = json.loads(stored)
    body.pop("footprint", None)
    return body


def identifier(text: str) -> UUID | None:
    """An activity id, or nothing when the text is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
