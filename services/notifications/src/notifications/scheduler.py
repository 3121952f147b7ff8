"""Builds and sends what is due, one replica at a time."""

import asyncio
import logging

from chassis.bell import Bell
from chassis.clock import Clock
from chassis.database import Database
from chassis.faults import TRANSIENT
from chassis.lease import Lease

from notifications import metrics
from notifications.application.digests import Digests
from notifications.application.sending import Sender
from notifications.store import mails, reminders

log = logging.getLogger(__name__)
POLL = 0.2
RENEW = 1.0
FIGURES = 5.0


class Scheduler:
    """Polls for time and is woken for events; the lease is renewed beside it, however long a mail server thinks."""

    def __init__(self, database: Database, clock: Clock, lease: Lease, digests: Digests, sender: Sender) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._digests = digests
        self._sender = sender
        self._bell = Bell()
        self._figures_at = 0.0

    def wake(self) -> None:
        """Something may be due; look now."""
        self._bell.ring()

    async def run(self) -> None:
        """Work until cancelled; faults that pass are waited out."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._renew())
            group.create_task(self._work())

    async def once(self) -> None:
        """Build and send what is due at this moment, if this replica holds the lease."""
        if self._lease.epoch is None:
            metrics.hide()
            return
        await self._digests.build(self._clock.now())
        await self._sender.drain()
        await self._show()

    async def hold(self) -> None:
        """Take or renew the lease."""
        async with self._database.pool.acquire() as sql:
            await self._lease.hold(sql)

    async def _renew(self) -> None:
        while True:
            try:
                await self.hold()
            except TRANSIENT as fault:
                log.warning("lease not renewed", extra={"fault": type(fault).__name__})
            await asyncio.sleep(RENEW)

    async def _work(self) -> None:
        while True:
            try:
                await self.once()
            except TRANSIENT as fault:
                log.warning("sending interrupted", extra={"fault": type(fault).__name__})
            await self._bell.wait(POLL)

    async def _show(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._figures_at:
            return
        self._figures_at = now + FIGURES
        async with self._database.pool.acquire() as sql:
            metrics.show(await mails.figures(sql), await reminders.figures(sql))
