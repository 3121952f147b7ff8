"""An HTTP client that costs little, so that it is the system that is pressed: kept-alive connections, raw requests."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Answer(NamedTuple):
    """What a door answered; `retry_after` in seconds, 0 where it does not say."""

    status: int
    text: str
    retry_after: float


@dataclass(slots=True)
class Bell:
    """One service's door, with the connections that wait for the next request."""

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
        about = f"host: door\r\ncontent-type: application/json\r\nauthorization: Bearer {self.token}\r\n"
        writer.write(f"POST {path} HTTP/1.1\r\n{about}content-length: {len(body)}\r\n\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        text = await reader.readexactly(int(_header(head, "content-length")))
        if _header(head, "connection") == "close":
            writer.close()
        else:
            self._idle.append((reader, writer))
        return Answer(int(head.split(" ", 2)[1]), text.decode(), float(_header(head, "retry-after") or 0))

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


def _header(head: str, name: str) -> str:
    return head.partition(f"\r\n{name}: ")[2].partition("\r\n")[0]
