"""An HTTP client that costs little, so that it is the server that is measured: kept-alive connections, raw requests."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

CLIENTS = 16


class Request(NamedTuple):
    """`body` in bytes of JSON; `token` is a bearer's."""

    method: str
    path: str
    token: str = ""
    body: bytes = b""


class Answer(NamedTuple):
    """`head` is in lower case."""

    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        """What stands under a name in lower case; nothing where it does not stand there."""
        return self.head.partition(f"\r\n{name}: ")[2].partition("\r\n")[0]


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> Answer:
    """Ask on an open connection, and read the answer to its end.

    Raises:
        OSError, EOFError: it broke off.
    """
    head = f"{request.method} {request.path} HTTP/1.1\r\nhost: door\r\ncontent-type: application/json\r\n"
    about = f"authorization: Bearer {request.token}\r\ncontent-length: {len(request.body)}\r\n\r\n"
    writer.write((head + about).encode() + request.body)
    told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    answer = Answer(int(told.split(" ", 2)[1]), told, b"")
    return answer._replace(body=await reader.readexactly(int(answer.header("content-length"))))


class Connection:
    """One kept-alive connection to a port of this machine."""

    def __init__(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._port, self._reader, self._writer = port, reader, writer

    async def ask(self, request: Request) -> tuple[int, bytes]:
        """Status and body; a connection that the server let go while it idled is made anew."""
        try:
            return await self._ask(request)
        except (asyncio.IncompleteReadError, ConnectionError):
            self._reader, self._writer = await _opened(self._port)
            return await self._ask(request)

    async def _ask(self, request: Request) -> tuple[int, bytes]:
        answer = await exchange(self._reader, self._writer, request)
        return answer.status, answer.body

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()


async def connect(port: int) -> Connection:
    """A connection to the port."""
    return Connection(port, *await _opened(port))


async def _opened(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, limit=16 * 1024 * 1024)


@dataclass(slots=True)
class Load:
    """What a load came to."""

    requests: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


async def press(port: int, new_request: Callable[[], Request], seconds: float) -> Load:
    """Every client sends its next request when the last is answered; all must be created (201).

    Raises:
        RuntimeError: another answer, with what it says.
    """
    load, began = Load(), time.perf_counter()

    async def one() -> None:
        connection = await connect(port)
        while time.perf_counter() - began < seconds:
            await _created(connection, new_request())
            load.requests += 1
        await connection.close()

    await asyncio.gather(*(one() for _ in range(CLIENTS)))
    load.seconds = time.perf_counter() - began
    return load


async def pace(port: int, new_request: Callable[[], Request], rate: float, seconds: float) -> Load:
    """Requests at a fixed rate, whatever the answers take."""
    load, began = Load(), time.perf_counter()
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CLIENTS * 2):
        free.put_nowait(await connect(port))

    async def one() -> None:
        connection = await free.get()
        await _created(connection, new_request())
        free.put_nowait(connection)
        load.requests += 1

    async with asyncio.TaskGroup() as group:
        for at in _beats(rate, seconds):
            await asyncio.sleep(began + at - time.perf_counter())
            group.create_task(one())
    load.seconds = time.perf_counter() - began
    while not free.empty():
        await free.get_nowait().close()
    return load


def _beats(rate: float, seconds: float) -> Iterator[float]:
    return (n / rate for n in range(int(rate * seconds)))


async def _created(connection: Connection, request: Request) -> None:
    status, body = await connection.ask(request)
    if status != 201:  # noqa: PLR2004
        raise RuntimeError(f"{request.method} {request.path}: {status} {body[:500]!r}")
