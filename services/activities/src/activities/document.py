"""Activities and commands between the domain, the contracts and JSON."""

import json
from dataclasses import fields
from typing import Any, NamedTuple
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
from activities.domain.commands import Command, Kind

EVENTS: dict[Kind, type[ActivityEvent]] = {
    "log": ActivityLogged,
    "correct": ActivityCorrected,
    "retract": ActivityRetracted,
    "confirm": ActivityConfirmed,
}
_COMMAND = TypeAdapter(Command)
_CONTENT = tuple(field.name for field in fields(Content))
_ACTIVITY = tuple(field.name for field in fields(Activity) if field.name != "content")


def content(message: ActivityContent) -> Content:
    """A sender's message as the domain reads it."""
    return Content(**{name: getattr(message, name) for name in _CONTENT})


def baseline(message: BaselineContent) -> Baseline:
    """A sender's baseline as the domain reads it."""
    total = sum(message.units.values()) if message.total is None else message.total
    return Baseline(message.municipality, message.obligation, message.period, message.quantity, total, message.units)


class Told(NamedTuple):
    """An activity's revision, the event that tells of it, and their JSON: the row keeps what the event carries."""

    activity: Activity
    event: ActivityEvent
    json: str


def told(kind: Kind, activity: Activity) -> Told:
    """What is kept and said of this revision."""
    body = {name: getattr(activity.content, name) for name in _CONTENT}
    body |= {name: getattr(activity, name) for name in _ACTIVITY}
    body["footprint"] = [{"obligation": name, "counted_on": day} for name, day in activity.footprint]
    event = EVENTS[kind](**body)
    return Told(activity, event, event.model_dump_json(exclude_none=True))


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
