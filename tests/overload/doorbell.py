"""One service's door for clients that come and go: kept-alive connections, let go when the service asks for it."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.client import Answer, Request, exchange

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Bell:
    """A door, with the connections that wait for the next request."""

    url: str
    token: str
    _idle: list[Streams] = field(default_factory=list)

    async def post(self, path: str, body: bytes) -> Answer:
        """Ask on a connection that is open, or on a new one.

        Raises:
            ConnectionRefusedError: nobody listens.
            OSError, EOFError: the answer broke off.
        """
        reader, writer = await self._connection()
        answer = await exchange(reader, writer, Request("POST", path, self.token, body))
        if answer.header("connection") == "close":
            writer.close()
        else:
            self._idle.append((reader, writer))
        return answer

    async def _connection(self) -> Streams:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        place = urlsplit(self.url)
        return await asyncio.open_connection(place.hostname, place.port)

    async def close(self) -> None:
        """Hang up."""
        for _, writer in self._idle:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        self._idle.clear()
