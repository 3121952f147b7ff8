"""The topic `deadlines` into the store; nothing else is listened to."""

from chassis.clock import Clock
from chassis.consuming import subscribe
from chassis.database import Database
from chassis.records import house, whole
from chassis.taking import Committed
from contracts.promises import DEADLINE_EVENTS
from contracts.topics import DEADLINES
from faststream.kafka import KafkaBroker

from notifications.application.ingest import ingest
from notifications.settings import Settings


def attach(
    broker: KafkaBroker,
    settings: Settings,
    *,
    database: Database,
    clock: Clock,
    committed: Committed,
) -> None:
    """Subscribe before the broker starts; `committed` is called after every batch."""
    subscribe(
        broker,
        settings,
        group="notifications",
        database=database,
        clock=clock,
        types=house(*DEADLINE_EVENTS),
        handler=whole(ingest),
        committed=committed,
        topics=[DEADLINES.name],
    )
