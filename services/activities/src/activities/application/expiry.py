"""What waited seven days for an activity that never came is refused, and said so."""

import asyncio
import logging

from chassis.clock import Clock
from chassis.database import Database
from chassis.faults import TRANSIENT

from activities.domain.commands import Refused
from activities.store import acceptance, listing
from activities.store.listing import Refusal

log = logging.getLogger(__name__)
PAUSE = 10.0
NEVER_CAME = Refused(
    "unknown_activity", "subject", "no such activity was reported within 7 days; report it, then send this again"
)


async def expire(database: Database, clock: Clock) -> int:
    """Refuse what has waited too long; its id is free again. Answers how many."""
    now = clock.now()
    async with database.transaction() as work:
        commands = await acceptance.expired(work.sql, now)
        await acceptance.disown(work.sql, [command.key for command in commands])
        refusals = [Refusal(command, "kafka", NEVER_CAME) for command in commands]
        await listing.refuse(work.sql, refusals, now)
    return len(commands)


async def expire_for_ever(database: Database, clock: Clock) -> None:
    """Look now and then, until cancelled."""
    while True:
        try:
            await expire(database, clock)
        except TRANSIENT as fault:
            log.warning("expiry interrupted", extra={"fault": f"{type(fault).__name__}: {fault}"})
        await asyncio.sleep(PAUSE)
