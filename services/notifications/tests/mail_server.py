"""A mail server that can misbehave."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP


async def _nothing() -> None: ...


def _hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


@dataclass
class Inbox:
    """A mail server; `rcpt` and `data` are the replies to come before it answers 250 again.

    A reply to DATA may also be `hang up early` (after 354) or `hang up late` (it has the mail, the reply is lost).
    """

    port: int = 0
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    addressed: Callable[[], Awaitable[None]] = _nothing
    handed: Callable[[], Awaitable[None]] = _nothing
    kept: list[tuple[str, EmailMessage]] = field(default_factory=list)
    entered: int = 0

    async def handle_RCPT(self, _s: Any, _n: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: ANN401, N802
        await self.addressed()
        reply = self.rcpt.pop(0) if self.rcpt else "250 yes"
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802
        reply = self.data.pop(0) if self.data else "250 kept"
        if reply.startswith("250") or reply == "hang up late":
            message = message_from_bytes(envelope.original_content, policy=default)
            assert isinstance(message, EmailMessage)
            self.kept += [(address, message) for address in envelope.rcpt_tos]
        await self.handed()
        if reply == "hang up late":
            _hang_up(server)
        return reply

    def of(self, address: str) -> list[EmailMessage]:
        """The mails that a mailbox got."""
        return [message for to, message in self.kept if to == address]


class Door(SMTP):
    """Counts who comes as far as DATA, and may hang up there."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        inbox = self.event_handler
        inbox.entered += 1
        if inbox.data[:1] == ["hang up early"]:
            inbox.data.pop(0)
            await self.push("354 go on")
            _hang_up(self)
            return
        await super().smtp_DATA(arg)
