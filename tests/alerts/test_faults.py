"""A fault raises exactly its alert, to whom it concerns, and the alert ends with the fault."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from local.demo import BEGIN, set_clock
from local.places import SERVICES
from prometheus_client.parser import text_string_to_metric_families

from tests.alerts.faults import FAULTS
from tests.alerts.test_rules import RULES
from tests.alerts.watched import Watched, comes

COMMON = (
    "lofteskollen_pending",
    "lofteskollen_pending_oldest_age_seconds",
    "lofteskollen_dead_letters",
    "lofteskollen_dead_letters_waiting",
    "lofteskollen_part_up",
    "lofteskollen_backup_age_seconds",
    "lofteskollen_build_info",
)
ABOUT_PROMISES = ("lofteskollen_promise_", "lofteskollen_fulfilment_", "lofteskollen_feed_")
OWN = {
    "activities": (
        "lofteskollen_http_request_duration_seconds",
        "lofteskollen_activities_accepted",
        "lofteskollen_activities_refused",
    ),
    "promises": (
        "lofteskollen_promise_standing",
        "lofteskollen_promise_missing",
        "lofteskollen_promise_deadline_seconds",
        "lofteskollen_promise_overdue",
        "lofteskollen_promise_at_risk",
        "lofteskollen_fulfilment_obligations",
        "lofteskollen_feed_age_seconds",
        "lofteskollen_catalogue_remaining_seconds",
        "lofteskollen_notices",
        "lofteskollen_evaluation_duration_seconds",
        "lofteskollen_obligations_failing",
        "lofteskollen_rebuild_rows",
    ),
    "notifications": ("lofteskollen_mails", "lofteskollen_reminders"),
}
WHO = {"promises": "coordinator", "machine": "operations"}
RECEIVERS = {alert: WHO[file] for file, text in RULES.items() for alert in re.findall(r"alert: (\w+)", text)}


@pytest.fixture(scope="module")
def system(scratch: Path) -> Iterator[Watched]:
    if not shutil.which("prometheus"):
        pytest.skip("Prometheus is not installed")
    folder = scratch / "watched"
    folder.mkdir()
    set_clock(folder / "clock", BEGIN)
    watched = Watched(folder)
    try:
        watched.start()
        yield watched
    finally:
        watched.stop()


def test_every_alert_has_its_fault() -> None:
    assert FAULTS.keys() == RECEIVERS.keys()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_tells_the_figures_it_should_and_promtool_has_nothing_to_say(system: Watched, service: str) -> None:
    text = httpx.get(f"{system.internal(service)}/metrics").text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families.keys() >= {*COMMON, *OWN[service]}
    for name in OWN[service]:
        if name.startswith(ABOUT_PROMISES):
            assert {sample.labels["audience"] for sample in families[name].samples} <= {"internal", "public"}
    done = subprocess.run(["promtool", "check", "metrics"], check=False, input=text, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("alert", FAULTS)
def test_a_fault_raises_exactly_its_alert_to_whom_it_concerns_and_both_end(system: Watched, alert: str) -> None:
    system.calm()
    before = len(system.told.words)
    with FAULTS[alert](system):
        told = comes(lambda: alert in system.told.open())
    assert told, f"nobody was told of {alert}, raised is {system.raised()}"
    system.calm()
    assert {word[:2] for word in system.told.words[before:]} == {(RECEIVERS[alert], alert)}
