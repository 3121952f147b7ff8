"""The topic `deadlines` into the store; nothing else is listened to."""

from chassis.records import house, whole
from chassis.subscription import Subscription
from contracts.promises import DEADLINE_EVENTS
from contracts.topics import DEADLINES

from notifications.application.ingest import ingest

SUBSCRIPTIONS = (
    Subscription("notifications", types=house(*DEADLINE_EVENTS), handler=whole(ingest), topics=[DEADLINES.name]),
)
