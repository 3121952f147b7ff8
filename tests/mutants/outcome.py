"""What came of a run of mutants: every change that was made to the domain, and whether a test noticed it."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Literal

End = Literal["noticed", "not noticed", "reached by no test", "not run"]
DOMAIN = Path("mutants/src/promises/domain")
# Exit codes: 1 a test failed, 3 pytest itself did, the others ran out of time. Whatever is not named noticed nothing.
ENDS: dict[int | None, End] = {None: "not run", 33: "reached by no test", 5: "reached by no test"}
ENDS |= dict.fromkeys((1, 3, -24, 24, 36, 152, 255), "noticed")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `place` is the module and function, `was` and `now` are the lines that differ."""

    module: str
    place: str
    was: str
    now: str
    end: End


def changes(work: Path) -> list[Change]:
    """Every change of the run in a folder, by module."""
    found: list[Change] = []
    for meta in sorted((work / DOMAIN).rglob("*.meta")):
        source = meta.with_suffix("")
        found += _of_module(
            source, source.relative_to(work / DOMAIN).with_suffix("").as_posix().replace("/", "."), meta
        )
    return found


def forget_unnoticed(work: Path) -> None:
    """Let what was not noticed be tried again: the tests may have changed since."""
    for meta in (work / DOMAIN).rglob("*.meta"):
        data = json.loads(meta.read_text(encoding="utf-8"))
        ends = data["exit_code_by_key"]
        data["exit_code_by_key"] = {key: end if ENDS.get(end) == "noticed" else None for key, end in ends.items()}
        meta.write_text(json.dumps(data, indent=4), encoding="utf-8")


def _of_module(source: Path, module: str, meta: Path) -> Iterator[Change]:
    text = source.read_text(encoding="utf-8")
    lines = text.splitlines()
    functions = {
        each.name: [line.strip().replace(each.name, "") for line in lines[each.lineno - 1 : each.end_lineno]]
        for each in ast.walk(ast.parse(text))
        if isinstance(each, ast.FunctionDef)
    }
    for key, end in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
        mangled = key.rpartition(".")[2]
        function = mangled.rpartition("__mutmut_")[0]
        original = f"{function}__mutmut_orig"
        was, now = _differing(functions[original], functions[mangled])
        place = f"{module}.{function.removeprefix('x').replace('ǁ', '.').removeprefix('.').removeprefix('_')}"
        yield Change(module, place, was, now, ENDS.get(end, "not noticed"))


def _differing(one: list[str], other: list[str]) -> tuple[str, str]:
    lines = list(unified_diff(one, other, n=0, lineterm=""))[2:]
    was, now = (" ".join(line[1:] for line in lines if line.startswith(sign)) for sign in ("-", "+"))
    return was, now
