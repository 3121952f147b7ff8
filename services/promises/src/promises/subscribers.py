"""The topic `activities` into the first stage; nothing else is listened to."""

from chassis.records import house
from chassis.subscription import Subscription
from contracts.activities import EVENTS
from contracts.topics import ACTIVITIES

from promises.application.ingest import ingest

SUBSCRIPTIONS = (Subscription("promises", types=house(*EVENTS), handler=ingest, topics=[ACTIVITIES.name]),)
