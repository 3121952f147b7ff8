"""Keeps the read copy of what is promised, from the topic `promises`."""

from collections.abc import Sequence
from typing import cast

from chassis.database import UnitOfWork
from chassis.records import Received
from contracts.promises import PromiseState

from activities.store import catalogue


async def keep(work: UnitOfWork, received: Sequence[Received]) -> None:
    """Keep the highest revision of each promise; order and repetition do not matter."""
    await catalogue.keep(work.sql, [cast("PromiseState", item.body) for item in received])
