"""The durable boundaries at which a service can be stopped: before or after which function, and when that counts.

`counts` is `always`, `answer` where only a call with an answer passes the boundary, and `work` where only one whose
list holds something does.
"""

from typing import Any, Literal, NamedTuple

Action = Literal["kill", "freeze", "exception"]
ACTIONS: tuple[Action, ...] = ("kill", "freeze", "exception")


class Point(NamedTuple):
    """`place` is `module:function` as the caller finds it."""

    service: str
    name: str
    side: Literal["before", "after"]
    place: str
    counts: Literal["always", "answer", "work"] = "always"


HTTP = (
    ("parsed", "before", "activities.application.doors:Doors.http"),
    ("begun", "before", "activities.application.doors:accept"),
    ("written", "after", "activities.application.doors:Doors._refuse"),
    ("committed", "after", "activities.application.doors:Doors._take"),
    ("counted", "after", "activities.application.doors:Doors.http"),
    ("answered", "after", "chassis.measuring:Measured.__call__"),
)
INGRESS = (("ingress read", "before", "activities.application.doors:Doors.kafka"),)
ASIDE = (("letters due", "before", "chassis.dead_letters:keep", "work"),)
TAKING = (
    ("fetched", "before", "chassis.taking:Taker._take"),
    ("locked", "after", "chassis.positions:lock"),
    ("moved", "after", "chassis.positions:move"),
    ("taken", "after", "chassis.taking:Taker._commit"),
)
RELAY = (
    ("relay read", "after", "chassis.relay:Relay._head", "answer"),
    ("relay sent", "after", "aiokafka:AIOKafkaProducer.send"),
    ("relay acknowledged", "after", "chassis.relay:Relay._send"),
    ("relay deleted", "after", "chassis.relay:remember"),
    ("relay committed", "after", "chassis.relay:Relay._forget"),
)
JUDGING = (
    ("ingest begun", "before", "promises.store.evidence:add"),
    ("ingest written", "after", "promises.store.feeds:heard"),
    ("evaluation begun", "after", "promises.store.dirty:claim", "answer"),
    ("evaluation judged", "after", "promises.application.evaluate:judge"),
    ("notice written", "after", "promises.store.deadlines:enter", "work"),
    ("notice told", "after", "promises.store.deadlines:tell", "work"),
    ("evaluation written", "after", "promises.store.dirty:done"),
    ("evaluation committed", "after", "promises.application.evaluate:Evaluator._evaluate", "answer"),
)
MAIL = (
    ("deadlines begun", "before", "notifications.application.ingest:keep"),
    ("deadlines written", "after", "notifications.application.ingest:keep"),
    ("digest queued", "after", "notifications.store.mails:queue", "answer"),
    ("digest tied", "after", "notifications.store.told:tie", "answer"),
    ("digest committed", "after", "notifications.application.digests:Digests._build"),
    ("mail claimed", "before", "notifications.application.sending:Sender._send"),
    ("mail addressed", "after", "notifications.smtp:Server.address"),
    ("attempt written", "after", "notifications.store.attempts:begin"),
    ("attempt committed", "after", "notifications.application.sending:Sender.begin", "answer"),
    ("before DATA", "before", "notifications.smtp:Server.data"),
    ("after 250", "after", "notifications.smtp:Server.data"),
    ("outcome written", "after", "notifications.store.attempts:answered"),
    ("outcome committed", "after", "notifications.application.sending:Sender._answered"),
)
ROOMS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "activities": (*HTTP, *INGRESS, *ASIDE, *TAKING, *RELAY),
    "promises": (*TAKING, *JUDGING, *RELAY),
    "notifications": (*TAKING, *MAIL, *RELAY),
}
POINTS = [Point(service, *about) for service, points in ROOMS.items() for about in points]
