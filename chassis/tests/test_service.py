"""How a service's doors treat those who ask."""

import asyncio
import os
import signal

import httpx
import pytest
import uvicorn
from chassis.consuming import new_broker
from chassis.service import run, server
from chassis.settings import Settings
from fastapi import FastAPI
from local.children import free_port

DRAIN = 1.0
SLOW = 8.0  # seconds; by itself the server would hang up after five, clients let go of before
SILENT = 6.0  # seconds; by itself the server would hang up after five


async def started(door: uvicorn.Server) -> None:
    while not door.started:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)


async def new_client(port: int) -> bytes:
    """The head of the answer to somebody who connects now."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /nothing HTTP/1.1\r\nhost: door\r\n\r\n")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    writer.close()
    return head


async def test_told_to_stop_it_answers_new_clients_while_it_drains_and_asks_each_to_hang_up(settings: Settings) -> None:
    port, clock = free_port(), asyncio.get_running_loop().time
    door = server(FastAPI(), "127.0.0.1", port)
    running = asyncio.create_task(run([door], new_broker(settings, "any"), [], DRAIN))
    await started(door)
    assert b"connection: close" not in await new_client(port)
    told = clock()
    os.kill(os.getpid(), signal.SIGTERM)
    while b"connection: close" not in await new_client(port):
        pass
    await running
    assert clock() - told >= DRAIN
    with pytest.raises(ConnectionRefusedError):
        await new_client(port)


async def test_told_to_stop_it_answers_what_it_was_asked_before_though_that_takes_a_while(settings: Settings) -> None:
    port, app, asked = free_port(), FastAPI(), asyncio.Event()

    @app.get("/slow")
    async def slow() -> str:
        asked.set()
        await asyncio.sleep(SLOW)
        return "done"

    door = server(app, "127.0.0.1", port)
    running = asyncio.create_task(run([door], new_broker(settings, "any"), []))
    await started(door)
    async with httpx.AsyncClient(timeout=2 * SLOW) as http:
        answering = asyncio.create_task(http.get(f"http://127.0.0.1:{port}/slow"))
        await asked.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        assert (await answering).json() == "done"
    await running


async def test_a_client_that_was_silent_for_a_while_is_answered_on_the_same_connection() -> None:
    port = free_port()
    door = server(FastAPI(), "127.0.0.1", port)
    serving = asyncio.create_task(door.serve())
    await started(door)
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
