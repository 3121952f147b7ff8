"""Every panel of every dashboard shows something of the demonstration, asked of a real Prometheus."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
PANELS = [
    (path.stem, panel["title"], panel["targets"][0]["expr"])
    for path in sorted((ROOT / "deploy/grafana").glob("*.json"))
    for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]
]
ENOUGH = 240


@pytest.fixture(scope="module")
def prometheus() -> Iterator[str]:
    """The demonstration's January, watched by Prometheus at the address that the command says."""
    if not shutil.which("prometheus"):
        pytest.skip("Prometheus is not installed")
    command = [sys.executable, "-m", "local", "demo", "--until", "2026-02-01", "--observability"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        yield next(line.split()[1].removesuffix("/alerts") for line in demo.stdout if line.startswith("Prometheus"))
        demo.terminate()


@pytest.mark.parametrize(("dashboard", "title", "expression"), PANELS)
def test_a_panel_shows_something(prometheus: str, dashboard: str, title: str, expression: str) -> None:
    query = expression.replace("$audience", "internal").replace("$municipality", ".*")
    until = time.monotonic() + ENOUGH
    while True:
        answer = httpx.get(f"{prometheus}/api/v1/query", params={"query": query}).json()
        assert answer["status"] == "success", answer
        if answer["data"]["result"]:
            return
        assert time.monotonic() < until, f"{dashboard}: {title} is empty"
        time.sleep(1)  # a scrape interval
