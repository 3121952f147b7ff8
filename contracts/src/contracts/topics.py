"""Every topic of the house, declared once: who writes it, who reads it, how long it is kept."""

from dataclasses import dataclass

DAY_MS = 24 * 60 * 60 * 1000
FOR_EVER = -1
BY_MUNICIPALITY = 12
INGRESS_PREFIX = "ingress."
INGRESS_PATTERN = r"^ingress\.[a-z0-9-]+$"


@dataclass(frozen=True, slots=True)
class Topic:
    """A declaration; `retention_ms` is -1 for ever. The count of partitions never changes: keys would move."""

    name: str
    key: str
    writer: str
    readers: tuple[str, ...]
    retention_ms: int
    partitions: int = BY_MUNICIPALITY

    @property
    def config(self) -> dict[str, str]:
        """The topic's settings as Kafka names them."""
        return {
            "cleanup.policy": "delete",
            "message.timestamp.type": "LogAppendTime",
            "retention.ms": str(self.retention_ms),
        }


ACTIVITIES = Topic("activities", "municipality code", "activities", ("promises",), FOR_EVER)
PROMISES = Topic("promises", "municipality code", "promises", ("activities",), FOR_EVER)
DEADLINES = Topic("deadlines", "municipality code", "promises", ("notifications",), 400 * DAY_MS)
PROMISE_STATUS = Topic("promise-status", "municipality code", "promises", ("anyone with the right",), 400 * DAY_MS)
NOTIFICATIONS = Topic("notifications", "municipality code", "notifications", ("anyone with the right",), 400 * DAY_MS)

HOUSE = (ACTIVITIES, PROMISES, DEADLINES, PROMISE_STATUS, NOTIFICATIONS)


def ingress(organisation: str) -> Topic:
    """The one topic that an organisation may write; its name is the sender's identity on Kafka."""
    return Topic(
        f"{INGRESS_PREFIX}{organisation}",
        "the sender's activity reference",
        organisation,
        ("activities",),
        14 * DAY_MS,
        partitions=3,
    )


def organisation_of(topic: str) -> str:
    """The organisation an ingress topic belongs to."""
    return topic.removeprefix(INGRESS_PREFIX)
