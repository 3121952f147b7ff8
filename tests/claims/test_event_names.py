"""What services log has a stable name, and every name is told in docs/operating.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [path for package in ROOT.glob("*/src") for path in package.rglob("*.py") if package.parent.name == "chassis"]
SOURCES += [path for package in ROOT.glob("services/*/src") for path in package.rglob("*.py")]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
PASSED_ON = ROOT / "chassis/src/chassis/tracing.py"
"""Logs under the name that it is given."""


def logged() -> Iterator[tuple[str, ast.expr]]:
    """Where something is logged, and the name it is given."""
    for path in SOURCES:
        if path != PASSED_ON:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (name := _name(node)):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", name


def _name(call: ast.Call) -> ast.expr | None:
    match call.func:
        case ast.Attribute(value=ast.Name(id="log"), attr=level) if level in LEVELS:
            return call.args[0]
        case ast.Attribute(value=ast.Name(id="tracing"), attr="shared"):
            return call.args[1]
    return None


def test_every_event_has_a_name_without_anything_in_it() -> None:
    loose = [place for place, name in logged() if not (isinstance(name, ast.Constant) and isinstance(name.value, str))]
    assert loose == []


def test_the_names_are_those_that_operators_are_told() -> None:
    told = (ROOT / "docs/operating.md").read_text(encoding="utf-8").partition("### Händelser i loggen")[2]
    table = told.partition("\n## ")[0]
    named = {each for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for each in re.findall(r"`(.+?)`", row)}
    assert named == {name.value for _, name in logged() if isinstance(name, ast.Constant)}
