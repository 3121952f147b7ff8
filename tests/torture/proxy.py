"""Links that can be cut, stalled one way, reset and slowed: a TCP proxy on a thread of its own."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

CHUNK = 65536


class Link:
    """Listens on `port`, forwards to `target` (a port), and misbehaves as told."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target = port, target
        self.cut = False
        self.delay = 0.0
        self._open = {"up": asyncio.Event(), "down": asyncio.Event()}
        self._writers: set[asyncio.StreamWriter] = set()
        self._served: set[asyncio.Task[None]] = set()

    async def listen(self) -> None:
        self.heal()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def close(self) -> None:
        """Break every connection and leave the port."""
        self._server.close()
        self.sever()
        self.heal()
        await asyncio.gather(*self._served, return_exceptions=True)

    def stall(self, way: str) -> None:
        """Nothing passes in one direction, and nobody is told."""
        self._open[way].clear()

    def reset(self) -> None:
        """Break every connection there is; new ones are welcome."""
        for writer in list(self._writers):
            writer.transport.abort()

    def sever(self) -> None:
        """Break every connection and take no new one."""
        self.cut = True
        self.reset()

    def heal(self) -> None:
        self.cut, self.delay = False, 0.0
        for gate in self._open.values():
            gate.set()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._served.add(task)
        task.add_done_callback(self._served.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.cut:
            writer.transport.abort()
            return
        try:
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, other_writer}
        try:
            await asyncio.gather(self._pump(reader, other_writer, "up"), self._pump(other_reader, writer, "down"))
        finally:
            self._writers -= {writer, other_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._open[way].wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()


class Proxy:
    """All links, on a loop of their own, so that they flow whatever the caller waits for."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def add(self, name: str, port: int, target: int) -> None:
        self.links[name] = Link(port, target)
        self._run(self.links[name].listen()).result(10)

    def heal(self) -> None:
        for link in self.links.values():
            self._loop.call_soon_threadsafe(link.heal)

    def sever(self, name: str) -> None:
        self._loop.call_soon_threadsafe(self.links[name].sever)

    def reset(self, name: str) -> None:
        self._loop.call_soon_threadsafe(self.links[name].reset)

    def stall(self, name: str, way: str) -> None:
        self._loop.call_soon_threadsafe(self.links[name].stall, way)

    def slow(self, name: str, delay: float) -> None:
        self.links[name].delay = delay

    def stop(self) -> None:
        for link in self.links.values():
            self._run(link.close()).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> "Future[None]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)
