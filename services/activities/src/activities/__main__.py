"""`python -m activities serve | migrate | inspect | dead-letters | recover | republish | dispose`."""

import sys
from collections.abc import Sequence

from chassis.clock import Clock
from chassis.commands import Service, main
from chassis.database import Database
from chassis.subscription import Subscription
from chassis.watermarks import Watermarks

from activities import commands, subscribers
from activities.application.doors import Doors
from activities.application.past import Past
from activities.main import NAME, READS, serve
from activities.store.waiting import early_birds

ABOUT = "Keeps what was done: reports over HTTP and Kafka become activities, each change a new revision."


def _subscriptions(database: Database, clock: Clock, watermarks: Watermarks) -> Sequence[Subscription]:
    return subscribers.subscriptions(Doors(database, clock, watermarks))


if __name__ == "__main__":
    sys.exit(main(Service(NAME, ABOUT, serve, READS, _subscriptions, lambda _: Past(), early_birds), commands.add))
