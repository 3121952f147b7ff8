"""What a run of mutants came to: how many changes were noticed in each file, and each that was not."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SURVIVED, UNTESTED, NOT_RUN = "survived", "no test", "not run"
ENDS = {0: SURVIVED, 33: UNTESTED, None: NOT_RUN}


def lines(work: Path) -> Iterator[str]:
    """One line a file, one for the whole, then one for each change that no test noticed."""
    missed: list[str] = []
    total = Counter[str]()
    for file in sorted((work / "mutants/src/promises/domain").rglob("*.meta")):
        ends = json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
        found = Counter(ENDS.get(end, "killed") for end in ends.values())
        total += found
        missed += [f"{name}: {ENDS[end]}" for name, end in ends.items() if end in {0, 33}]
        yield _line(file.name.removesuffix(".meta"), found)
    yield _line("all", total)
    yield from missed


def _line(name: str, found: Counter[str]) -> str:
    run = found.total() - found[NOT_RUN]
    rest = f"{found[UNTESTED]} reached by no test, {found[NOT_RUN]} not run"
    return f"{name:24} {found['killed']:5} of {run:5} noticed, {rest}"
