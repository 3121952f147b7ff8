"""A trace is continued or begun, told in every line, and carried by what is said and taken."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from time import time_ns
from typing import Any

import httpx
import pytest
from chassis.database import UnitOfWork
from chassis.records import Received, whole
from chassis.tracing import A_LINE, Traced, apart, current, shared, work
from fastapi import FastAPI

from chassis import exporting

House = Any  # the fixture of conftest.py
Lines = Callable[[], list[dict[str, Any]]]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
log = logging.getLogger("tests")


def traced(record: Any) -> Any:  # noqa: ANN401 - a record of conftest.py
    partition, headers, value = record
    return partition, [*headers, ("traceparent", TRACEPARENT.encode())], value


def test_work_continues_a_trace_and_every_line_of_it_names_it(lines: Lines) -> None:
    with work("tested", TRACEPARENT):
        log.info("inside")
        assert current() == TRACEPARENT
    log.info("outside")
    assert [line.get("trace_id") for line in lines()] == [TRACE, None]
    assert current() is None


@pytest.mark.parametrize("said", [None, "", "850709-9805", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"{TRACEPARENT}-more"])
def test_a_malformed_header_begins_a_trace_of_its_own(said: str | None) -> None:
    with work("tested", said):
        first = current()
    with work("tested", said):
        second = current()
    assert first
    assert second
    assert len({TRACE, first[3:35], second[3:35]}) == 3


@pytest.mark.parametrize(
    ("said", "continued"),
    [([TRACEPARENT], True), (["nonsense"], False), ([TRACEPARENT, TRACEPARENT], False), ([], False)],
)
async def test_a_request_continues_the_trace_of_its_only_header(said: list[str], *, continued: bool) -> None:
    app = FastAPI()
    app.add_middleware(Traced)

    @app.get("/")
    async def trace() -> str | None:
        return current()

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
        found = (await client.get("/", headers=[("traceparent", each) for each in said])).json()
    assert len(found) == len(TRACEPARENT)
    assert (found == TRACEPARENT) is continued


async def test_what_serves_others_too_runs_in_no_trace() -> None:
    async def look() -> None:
        assert current() is None

    with work("tested", TRACEPARENT):
        await apart(look())


def test_many_traces_are_told_a_hundred_to_a_line_and_one_by_its_own_name(lines: Lines) -> None:
    many = {f"00-{n:032x}-00f067aa0ba902b7-01" for n in range(1, 2 * A_LINE + 2)}
    shared(log, "taken", many, time_ns(), count=len(many))
    shared(log, "taken", [], time_ns(), count=1)
    *parts, last, none = lines()
    assert [len(line["trace_ids"]) for line in parts] == [A_LINE, A_LINE]
    assert {each for line in parts for each in line["trace_ids"]} | {last["trace_id"]} == {each[3:35] for each in many}
    assert none.keys() & {"trace_id", "trace_ids"} == set()


async def test_an_event_carries_the_trace_it_was_said_in_until_it_is_taken(house: House, lines: Lines) -> None:
    topic = await house.new_topic(1)
    seen: list[str | None] = []

    async def note(_: UnitOfWork, received: Sequence[Received]) -> None:
        seen.extend(item.envelope.traceparent for item in received)

    async with house.database.transaction() as unit:
        with work("tested", TRACEPARENT):
            house.publish(unit, topic, 1)
        house.publish(unit, topic, 2)
    relaying = asyncio.create_task(house.new_relay().run())
    async with house.consuming(topics=[topic.name], handler=whole(note)):
        await house.eventually(lambda: house.database.pool.fetchval("SELECT next_offset = 2 FROM position"))
    relaying.cancel()
    await asyncio.wait([relaying])
    assert seen == [TRACEPARENT, None]
    told = [line["event"] for line in lines() if line.get("trace_id") == TRACE]
    assert set(told) == {"events relayed", "records taken"}


async def test_a_record_that_breaks_the_handler_is_told_in_its_trace(house: House, lines: Lines) -> None:
    topic = await house.new_topic(1)

    async def breaks(_: UnitOfWork, __: Sequence[Received]) -> None:
        raise ValueError("a fault that nobody foresaw")

    await house.say(topic, [traced(house.event(1))])
    async with house.consuming(topics=[topic.name], handler=whole(breaks)):
        await house.eventually(house.set_aside)
    assert [line["event"] for line in lines() if line.get("trace_id") == TRACE] == ["record set aside"]


async def test_a_letter_keeps_its_trace_until_it_is_taken_again(house: House, lines: Lines) -> None:
    topic = await house.new_topic(1)
    seen: list[str | None] = []

    async def note(_: UnitOfWork, received: Sequence[Received]) -> None:
        seen.extend(item.envelope.traceparent for item in received)

    await house.say(topic, [traced(house.event(1))])
    async with house.consuming(topics=[topic.name], types={}):
        await house.eventually(house.set_aside)
    async with house.consuming(topics=[topic.name], handler=whole(note)):
        await house.eventually(lambda: house.database.pool.fetchval("SELECT resolution FROM dead_letter"))
    assert seen == [TRACEPARENT]
    told = [line["event"] for line in lines() if line.get("trace_id") == TRACE]
    assert told == ["records taken", "dead letter taken again"]


def test_without_the_extra_a_named_collector_is_a_warning_and_the_service_serves(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "chassis.otlp", None)
    with exporting.spans("tests"):
        assert caplog.records == []
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with exporting.spans("tests"):
        (warning,) = caplog.records
    assert (warning.message, "lofteskollen-chassis[otlp]" in vars(warning)["detail"]) == ("spans not exported", True)


def test_a_collector_that_is_away_holds_up_nobody_who_ends() -> None:
    ends = """
import time
from chassis import exporting, tracing
with exporting.spans("tests"):
    with tracing.work("tested", None):
        pass
    began = time.monotonic()
print(time.monotonic() - began)
"""
    env = dict(os.environ) | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    done = subprocess.run([sys.executable, "-c", ends], env=env, check=True, capture_output=True, text=True, timeout=60)
    assert 1 < float(done.stdout) < 10
