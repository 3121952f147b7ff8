"""How a service's doors treat those who ask."""

import asyncio

from chassis.service import server
from fastapi import FastAPI
from local.children import free_port

SILENT = 6.0  # seconds; by itself the server would hang up after five


async def test_a_client_that_was_silent_for_a_while_is_answered_on_the_same_connection() -> None:
    port = free_port()
    door = server(FastAPI(), "127.0.0.1", port)
    serving = asyncio.create_task(door.serve())
    while not door.started:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for silence in (0.0, SILENT):
        await asyncio.sleep(silence)
        writer.write(b"GET /openapi.json HTTP/1.1\r\nhost: door\r\n\r\n")
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        assert head.startswith(b"HTTP/1.1 200 ")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length: "))
        await reader.readexactly(int(length.split()[1]))
    writer.close()
    door.should_exit = True
    await serving
