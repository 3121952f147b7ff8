"""Every alert has a test of its own, a section that mends it, and names only figures that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "deploy/prometheus/rules").glob("*.yml")}
NAMED = {name for text in RULES.values() for name in re.findall(r"alert: (\w+)", text)}


def test_every_alert_is_seen_firing_in_a_test() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "deploy/prometheus/tests").glob("*.yml"))
    assert set(re.findall(r'alertname="(\w+)"', tests)) == NAMED


def test_every_alert_has_a_section_and_links_to_it() -> None:
    sections = set(re.findall(r"^### (\w+)$", (ROOT / "docs/operating.md").read_text(encoding="utf-8"), re.MULTILINE))
    linked = {link for text in RULES.values() for link in re.findall(r"runbook_url: docs/operating.md#(\w+)", text)}
    assert sections >= NAMED
    assert linked == {name.lower() for name in NAMED}


def test_promises_are_told_to_another_than_the_machine() -> None:
    concerns = {name: set(re.findall(r"concern: (\w+)", text)) for name, text in RULES.items()}
    assert concerns == {"promises": {"promise"}, "machine": {"machine"}}


def test_rules_name_only_figures_that_the_services_have() -> None:
    sources = [*(ROOT / "services").glob("*/src/*/metrics.py"), ROOT / "chassis/src/chassis/metrics.py"]
    known = set(re.findall(r'"(lofteskollen_\w+)"', "".join(path.read_text(encoding="utf-8") for path in sources)))
    said = {name for text in RULES.values() for name in re.findall(r"\b(lofteskollen_\w+)", text)}
    assert {re.sub(r"_(count|bucket|sum)$", "", name) for name in said} <= known
