"""The Kafka door on a real broker: an organisation writes its ingress topic, refusals become dead letters."""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from chassis.topics import ensure
from contracts.topics import PROMISES, ingress

from services.activities.tests.driving import POLICE, body, eventually, promise
from services.activities.tests.sending import House, said, serving, unread

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]


async def test_report_correction_confirmation_and_retraction_are_revisions(opened: House) -> None:
    await opened.report("1", "r")
    await opened.send(said("corrected", "2", "r", obligations=[opened.obligation], title="Rättad"))
    await opened.has("log", "correct")
    activity = await opened.service.database.pool.fetchval(
        "SELECT activity_id::text FROM activity WHERE organisation = $1", opened.town
    )
    await opened.send(said("confirmed", "1", activity), to=ingress(POLICE).name)
    await opened.has("log", "correct", "confirm")
    await opened.send(said("retracted", "3", "r", reason="fel dag"))
    await opened.has("log", "correct", "confirm", "retract")
    events = [event for event in await opened.service.said() if event["organisation"] == opened.town]
    assert [(event["revision"], event["confirmed_by"], event["source"]) for event in events] == [
        (1, [], "/desk"),
        (2, [], "/desk"),
        (3, [POLICE], "/desk"),
        (4, [POLICE], "/desk"),
    ]


async def test_what_is_sent_twice_is_taken_once_and_what_is_early_waits(opened: House) -> None:
    early = said("corrected", "2", "r", obligations=[opened.obligation], title="Rättad")
    report = said("reported", "1", "r", obligations=[opened.obligation])
    await opened.send(early, early, report, report, early)
    await opened.report("9", "last")
    await opened.has("log", reference="last")
    assert await opened.revisions() == [("log", 1), ("correct", 2)]
    assert await opened.letters(0) == []


async def test_what_cannot_be_taken_is_a_dead_letter_with_its_reason_and_blocks_nothing(opened: House) -> None:
    good, value = said("reported", "1", "r", obligations=[opened.obligation])
    without_subject = [header for header in good if header[0] != "ce_subject"]
    wrong = json.dumps(json.loads(value) | {"occurred_at": "2026-11-09T08:30:00"}).encode()
    await opened.send(
        (good, b"{"),
        (good, None),
        ([("ce_id", b"\xff"), *good], value),
        (without_subject, value),
        (good, wrong),
        said("reported", "2", "r", obligations=["cykel-gang"]),
        said("reported", "3", "r", obligations=["nothing"]),
        said("confirmed", "4", "r"),
        said("exploded", "5", "r"),
        (good, value),
        said("reported", "1", "other", obligations=[opened.obligation]),
        said("retracted", "6", "r", resaon="stavfel"),
        said("retracted", "7\x00", "r"),
    )
    await opened.report("8", "last")
    await opened.has("log", reference="last")
    assert await opened.revisions() == [("log", 1)]
    letters = await opened.letters(12)
    assert sorted(reason for reason, _ in letters) == sorted(
        ["malformed"] * 4
        + ["invalid"] * 4
        + ["foreign_authority", "unknown_obligation", "unknown_type", "other_content"]
    )
    details = " ".join(detail for _, detail in letters)
    for hint in ("tombstone", "`subject` must be your reference", "the activity's id", "no offset", "resaon"):
        assert hint in details


async def test_the_topic_says_who_speaks(opened: House) -> None:
    await opened.report("1", "r")
    await opened.has("log")
    await opened.send(said("retracted", "x" + opened.town, "r"), to=ingress(POLICE).name)
    await opened.report("2", "last")
    await opened.has("log", reference="last")
    assert await opened.revisions() == [("log", 1)]


async def test_an_unknown_promise_waits_for_a_read_copy_that_lags(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await ensure(house.settings, [house.topic])
    await house.publish(house.promise())
    await house.report("1", "r")

    async def retried() -> bool:
        return any("read copy of the catalogue is behind" in str(vars(each).get("fault")) for each in caplog.records)

    async with AsyncExitStack() as doors:
        async with unread(house.settings, PROMISES):
            await doors.enter_async_context(serving(house.settings, house.service))
            await eventually(retried)
            assert await house.revisions() == []
        await house.has("log")
    assert await house.letters(0) == []


async def test_an_ingress_topic_made_later_is_read_too(house: House) -> None:
    await house.publish(house.promise())
    async with serving(house.settings, house.service):
        await ensure(house.settings, [house.topic])
        await house.report("1", "r")
        await house.has("log")


async def test_over_http_an_unknown_promise_waits_for_the_read_copy(
    opened: House, api: Client, bearer: As, unique: str
) -> None:
    later = f"moped-{unique}"
    await opened.publish(
        opened.promise(promise=later, obligations=promise(later, may_report=(opened.town,)).obligations)
    )
    said_now = body(obligations=[later])
    answer = await api.post("/v1/activities", json=said_now, headers=bearer(opened.town))
    assert answer.status_code == 201, answer.text


async def test_a_kafka_sender_reads_its_refusals_over_http(opened: House, api: Client, bearer: As) -> None:
    await opened.send(([], b"{"), said("reported", "1", "r", obligations=["nothing"]))
    await opened.letters(2)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None and len(seen) < 5:
        place = httpx.URL("/v1/refusals?limit=1").copy_merge_params({"cursor": cursor} if cursor else {})
        page = (await api.get(place, headers=bearer(opened.town))).json()
        seen += [each["code"] for each in page["refusals"]]
        cursor = page["next"]
    assert seen == ["unknown_obligation", "malformed"]
