"""Every panel of every dashboard shows something of the demonstration, asked of a real Prometheus."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from promises.domain.figures import BUCKETS

ROOT = Path(__file__).resolve().parents[2]
TABLE, STRIP = "loftena: Löftena A", "loftena: Årsremsa A"
PANELS = {
    f"{path.stem}: {panel['title']} {target['refId']}": target["expr"]
    for path in sorted((ROOT / "deploy/grafana").glob("*.json"))
    for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]
    for target in panel["targets"]
}
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


@pytest.fixture(scope="module")
def promises(prometheus: str) -> set[str]:
    """The obligations that stand somewhere by now, as Prometheus has them."""
    return {row["metric"]["obligation"] for row in asked(prometheus, "lofteskollen_promise_standing")}


def asked(prometheus: str, expression: str) -> list[Any]:
    """What Prometheus answers at last, none where that is nothing."""
    query = expression.replace("$audience", "internal").replace("$municipality", ".*")
    until = time.monotonic() + ENOUGH
    while True:
        answer = httpx.get(f"{prometheus}/api/v1/query", params={"query": query}).json()
        assert answer["status"] == "success", answer
        found: list[Any] = answer["data"]["result"]
        if found or time.monotonic() > until:
            return found
        time.sleep(1)  # a scrape interval


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_shows_something(prometheus: str, panel: str) -> None:
    assert asked(prometheus, PANELS[panel]), f"{panel} is empty"


@pytest.mark.parametrize("column", [TABLE, "loftena: Löftena B", STRIP])
def test_every_promise_is_one_row(prometheus: str, promises: set[str], column: str) -> None:
    rows = [row["metric"]["obligation"] for row in asked(prometheus, PANELS[column])]
    assert sorted(rows) == sorted(promises)


def test_the_strip_shows_each_promise_where_the_table_shows_it(prometheus: str) -> None:
    strip = {row["metric"]["obligation"]: float(row["value"][1]) for row in asked(prometheus, PANELS[STRIP])}
    table = {row["metric"]["obligation"]: row["metric"]["standing"] for row in asked(prometheus, PANELS[TABLE])}
    assert strip == {name: 1.0 + list(BUCKETS).index(standing) for name, standing in table.items()}
