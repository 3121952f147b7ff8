"""What comes of a request or a record is said in its own trace, though several share a transaction."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

import httpx
import pytest

from services.activities.tests.driving import Service, body, command, content, report

Client = httpx.AsyncClient


def traceparent(n: int) -> str:
    return f"00-{n:032x}-00f067aa0ba902b7-01"


async def said(service: Service) -> list[tuple[int, str | None]]:
    """The revision and the trace of every event that waits for the relay."""
    rows = await service.rows("SELECT headers FROM outbox ORDER BY seq")
    revisions = [event["revision"] for event in await service.said()]
    return list(zip(revisions, [_trace(row["headers"]) for row in rows], strict=True))


def _trace(flat: Sequence[str]) -> str | None:
    return dict(zip(flat[::2], flat[1::2], strict=True)).get("traceparent")


async def test_requests_that_share_a_transaction_keep_each_its_own_trace(api: Client, service: Service) -> None:
    async def ask(n: int) -> None:
        headers = {"traceparent": traceparent(n)}
        answer = await api.post("/v1/activities", json=body(reference=f"r{n}"), headers=headers)
        assert answer.status_code == 201, answer.text

    await asyncio.gather(*(ask(n) for n in range(1, 21)))
    assert sorted(await said(service)) == [(1, traceparent(n)) for n in range(1, 21)]


async def test_a_request_without_a_trace_begins_one(api: Client, service: Service) -> None:
    await api.post("/v1/activities", json=body())
    await api.post("/v1/activities", json=body(), headers={"traceparent": "850709-9805"})
    first, second = [trace for _, trace in await said(service)]
    assert first
    assert second
    assert first[3:35] != second[3:35]
    assert "850709" not in second


async def test_a_change_that_waited_for_its_report_is_said_in_its_own_trace(service: Service) -> None:
    waiting = command("correct", about="r", patient=True, content=content(title="Rättad"), traceparent=traceparent(2))
    await service.take(waiting)
    await service.accepted(replace(report(reference="r"), traceparent=traceparent(1)))
    assert await said(service) == [(1, traceparent(1)), (2, traceparent(2))]


async def test_the_id_that_a_sender_was_answered_leads_to_the_trace(
    api: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    answer = await api.post("/v1/activities", json=body())
    await api.post("/v1/activities", json=[body(), body(themes=["nothing"])])
    one, several = [vars(each) for each in caplog.records if each.message == "commands taken"]
    assert (one["activity_id"], one["count"], one["refused"]) == (answer.json()["activity_id"], 1, 0)
    assert ("activity_id" in several, several["count"], several["refused"]) == (False, 2, 1)
