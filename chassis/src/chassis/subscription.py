"""What a service listens to, and who takes it in: said once, for consumers and for commands."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database import Database
from chassis.records import Handler, Types
from chassis.watermarks import Watermarks


@dataclass(frozen=True, slots=True)
class Subscription:
    """Topics, or a pattern of them, read by one consumer group into one handler."""

    group: str
    types: Types
    handler: Handler
    topics: Sequence[str] = ()
    pattern: str | None = None

    def reads(self, topic: str) -> bool:
        """Whether a topic's records are taken by this one."""
        return topic in self.topics or bool(self.pattern and re.match(self.pattern, topic))


Subscriptions = Callable[[Database, Clock, Watermarks], Sequence[Subscription]]
"""A service's subscriptions on its own database."""
