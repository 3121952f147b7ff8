"""Which event travels on which topic; a type means something only together with its topic."""

from collections.abc import Iterator, Mapping

from contracts import activities, ingress, notifications, promises
from contracts.envelope import event_type
from contracts.model import Message
from contracts.topics import ACTIVITIES, DEADLINES, NOTIFICATIONS, PROMISE_STATUS, PROMISES

INGRESS = "ingress"
"""Stands for every organisation's ingress topic."""

SAID: Mapping[str, tuple[type[Message], ...]] = {
    INGRESS: tuple(ingress.BY_TYPE.values()),
    ACTIVITIES.name: activities.EVENTS,
    PROMISES.name: promises.PROMISE_EVENTS,
    PROMISE_STATUS.name: promises.STATUS_EVENTS,
    DEADLINES.name: promises.DEADLINE_EVENTS,
    NOTIFICATIONS.name: notifications.EVENTS,
}


def messages() -> Iterator[tuple[str, type[Message]]]:
    """Every message with its place, `<topic>/<type>`: the name of its schema and of its example."""
    for topic, said in SAID.items():
        for message in said:
            yield f"{topic}/{event_type(message)}", message
