"""One report is followed through real processes by its trace id: in their logs, and in the spans they export."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from contracts.envelope import binary
from contracts.ingress import ActivityReported
from contracts.topics import ingress
from local.demo import set_clock
from local.places import ONE_PROMISE, SERVICES, story
from local.quiet import settle
from local.system import System
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.year import at, running

POLICE, TOWN = "polisen-lpo-umea", "umea-kommun"
RETRACTED = "4bf92f3577b34da6a3ce929d0e0e4736"
OVER_KAFKA = "0af7651916cd43dd8448eb211c80319c"


def traceparent(trace_id: str) -> str:
    return f"00-{trace_id}-00f067aa0ba902b7-01"


def occasion(event_id: str) -> dict[str, Any]:
    """Both organisations report the autumn operation."""
    return {
        "municipality": "2480",
        "occurred_at": "2026-11-09T07:00:00+01:00",
        "obligations": ["cykel-gang"],
        "kind": "operation",
        "themes": ["reflector"],
        "audiences": ["cyclist", "pedestrian"],
        "special_effort": True,
        "occasion_key": "2026-11-09/reflexer",
        "title": event_id,
    }


async def promised(system: System) -> None:
    """Reported by both and so fulfilled; then the police take theirs back, and are reminded the week after."""
    async with httpx.AsyncClient(base_url=system.api("activities")) as http:
        await _at(system, http, at("2026-11-09T10:00"))
        await _report_over_kafka(system)
        await settle(system, http)
        said = occasion("p1") | {"event_id": "p1", "reference": "p1"}
        token = {"authorization": f"Bearer {system.keys.token(POLICE)}"}
        answer = await http.post("/v1/activities", json=said, headers=token)
        assert answer.status_code == 201, answer.text
        await _at(system, http, at("2026-11-18T10:00"))
        path = f"/v1/activities/{answer.json()['activity_id']}/retraction"
        asked = token | {"traceparent": traceparent(RETRACTED)}
        answer = await http.put(path, json={"event_id": "p2", "reason": "wrong day"}, headers=asked)
        assert answer.status_code == 200, answer.text
        await settle(system, http)
        await _at(system, http, at("2026-11-23T07:30"))


async def _at(system: System, http: httpx.AsyncClient, moment: datetime) -> None:
    set_clock(system.clock, moment)
    await settle(system, http)


async def _report_over_kafka(system: System) -> None:
    about = {"event_id": "t1", "source": f"/organisations/{TOWN}/traffic", "subject": "t1"}
    headers, value = binary(**about, time=at("2026-11-09T09:00"), data=ActivityReported(**occasion("t1")))
    named = [*headers, ("traceparent", traceparent(OVER_KAFKA).encode())]
    async with AIOKafkaProducer(bootstrap_servers=system.kafka.bootstrap) as producer:
        await producer.send_and_wait(ingress(TOWN).name, value, key=b"t1", headers=named)


class Logs:
    """What the services wrote."""

    def __init__(self, folder: Path) -> None:
        read = {name: (folder / "logs" / f"{name}.log").read_text(encoding="utf-8") for name in SERVICES}
        self.lines = {name: [json.loads(line) for line in text.splitlines()] for name, text in read.items()}

    def events(self, service: str, trace_id: str) -> set[str]:
        """The names of what a service logged of a trace."""
        lines = self.lines[service]
        return {each["event"] for each in lines if trace_id in (each.get("trace_id"), *each.get("trace_ids", ()))}


@pytest.fixture(scope="module")
def logs(scratch: Path) -> Logs:
    with running(scratch / "traces", story(ONE_PROMISE)) as system:
        asyncio.run(promised(system))
    return Logs(scratch / "traces")


def test_a_request_is_followed_by_its_trace_through_every_service_to_the_mail(logs: Logs) -> None:
    assert logs.events("activities", RETRACTED) == {"commands taken", "events relayed"}
    assert logs.events("promises", RETRACTED) == {"records taken", "obligation evaluated", "events relayed"}
    assert logs.events("notifications", RETRACTED) == {
        "records taken",
        "digest built",
        "mail attempted",
        "events relayed",
    }


def test_a_record_from_an_organisation_is_followed_by_the_trace_in_its_header(logs: Logs) -> None:
    assert logs.events("activities", OVER_KAFKA) == {"records taken", "events relayed"}
    assert logs.events("promises", OVER_KAFKA) >= {"records taken", "obligation evaluated"}


def test_what_time_alone_brings_about_has_a_trace_of_its_own(logs: Logs) -> None:
    evaluated = [each["trace_id"] for each in logs.lines["promises"] if each["event"] == "obligation evaluated"]
    by_time = [each for each in evaluated if not logs.events("activities", each)]
    assert len(set(by_time)) == len(by_time) >= 2


class Span(NamedTuple):
    """An exported span."""

    service: str
    name: str
    trace_id: str


class Collector:
    """Takes spans over OTLP as a collector does."""

    def __init__(self) -> None:
        self.spans: set[Span] = set()
        collector = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/v1/traces"
                collector.take(self.rfile.read(int(self.headers["content-length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing: the test asserts what came."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, body: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            named = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans |= {Span(named["service.name"], each.name, each.trace_id.hex()) for each in scope.spans}


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.server.shutdown()
    collector.server.server_close()


def test_spans_of_one_trace_come_from_all_three_services_under_the_id_that_their_logs_name(
    scratch: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server.server_port}")
    with running(scratch / "spans", story(ONE_PROMISE)) as system:
        asyncio.run(promised(system))
    logs = Logs(scratch / "spans")
    ours = {(service, name) for service, name, trace_id in collector.spans if trace_id == RETRACTED}
    assert ours >= {
        ("lofteskollen-activities", "PUT /v1/activities/{activity_id}/retraction"),
        ("lofteskollen-activities", "events relayed"),
        ("lofteskollen-promises", "records taken"),
        ("lofteskollen-promises", "obligation evaluated"),
        ("lofteskollen-promises", "events relayed"),
        ("lofteskollen-notifications", "records taken"),
        ("lofteskollen-notifications", "digest built"),
        ("lofteskollen-notifications", "mail attempted"),
    }
    assert logs.events("notifications", RETRACTED) >= {"digest built", "mail attempted"}
    assert not any("metrics" in name or "readyz" in name for _, name, _ in collector.spans)
