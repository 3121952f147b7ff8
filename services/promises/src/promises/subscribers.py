"""The topic `activities` into the first stage; nothing else is listened to."""

from chassis.clock import Clock
from chassis.consuming import subscribe
from chassis.database import Database
from chassis.records import house
from chassis.settings import Settings
from chassis.taking import Committed
from contracts.activities import EVENTS
from contracts.topics import ACTIVITIES
from faststream.kafka import KafkaBroker

from promises.application.ingest import ingest


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
        group="promises",
        database=database,
        clock=clock,
        types=house(*EVENTS),
        handler=ingest,
        committed=committed,
        topics=[ACTIVITIES.name],
    )
