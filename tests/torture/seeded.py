"""`python -m tests.torture.seeded`: each bug of `bugs/` in a copy of the product, tortured until a word breaks."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from local.places import DATA, ROOT

from bench.marks import put
from tests.torture.faults import FAULTS

BUGS = Path(__file__).parent / "bugs"
PAGE = ROOT / "docs/reliability.md"
BEGIN, END = "<!-- bugs: written by `make torture-bugs` -->", "<!-- end of bugs -->"
MOST = 50
NOTHING: dict[str, Any] = {"violations": [], "fault": ""}


def main() -> int:
    """Status 0 when every bug named was caught; what was ever run goes into the page's table."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.seeded", description=__doc__)
    names = sorted(patch.stem for patch in BUGS.glob("*.patch"))
    parser.add_argument("names", nargs="*", default=names, help="which ones (default: all)")
    parser.add_argument("--rounds", type=int, default=MOST)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    missed = [name for name in args.names if not caught(name, args.rounds, args.seed)]
    found = table()
    print(found)
    put(PAGE, BEGIN, END, found)
    return 1 if missed else 0


def caught(name: str, rounds: int, seed: int) -> bool:
    """Torture a copy with one bug: first at the points its patch names, then under the faults it names.

    Its rounds are kept in a file of their own.
    """
    results = _results(name)
    results.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="lofteskollen-bug-", dir="/tmp") as folder:
        copy = Path(folder)
        copy.chmod(0o755)
        for room in ("chassis", "services"):
            shutil.copytree(ROOT / room, copy / room)
        subprocess.run(["git", "apply", str(BUGS / f"{name}.patch")], cwd=copy, check=True)
        about = [f"--seed={seed}", f"--source={copy}", f"--results={results}"]
        if cases := points(name):
            _run("tests.torture.at_points", *about, "--only", *cases)
        if not _broken(results) and (left := rounds - len(_lines(results))) > 0:
            _run("tests.torture", *about, f"--rounds={left}", "--faults", *faults(name))
    return bool(_broken(results) & expected(name))


def _run(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=False)


def expected(name: str) -> set[str]:
    """The words that the bug breaks; another one would be a false alarm, and no catch."""
    return set(_head(name, "Breaks").split(", "))


def points(name: str) -> list[str]:
    """The cases at durable boundaries at which the bug is looked for first; it may have none."""
    return list(filter(None, _head(name, "At").split("; ")))


def faults(name: str) -> list[str]:
    """The faults under which the bug is looked for in random rounds: all of them unless it says."""
    return list(filter(None, _head(name, "Under").split("; "))) or list(FAULTS)


def _head(name: str, what: str) -> str:
    lines = (BUGS / f"{name}.patch").read_text(encoding="utf-8").split("\n--- ")[0].splitlines()
    return next((line.removeprefix(f"{what}: ") for line in lines if line.startswith(f"{what}: ")), "")


def _broken(results: Path) -> set[str]:
    return {word for line in _lines(results) for word, _ in line["violations"]}


def table() -> str:
    """The bugs as rows of Markdown: rounds until caught, the words that broke, under which fault."""
    rows = ["| bug | rounds to catch | the word that broke | fault |", "|---|---|---|---|"]
    for patch in sorted(BUGS.glob("*.patch")):
        lines = _lines(_results(patch.stem))
        last = lines[-1] if lines else NOTHING
        words = ", ".join(sorted(_broken(_results(patch.stem)) & expected(patch.stem)))
        said = str(len(lines)) if words else f"not in {len(lines)}" if lines else "not run"
        rows.append(f"| {patch.stem.replace('_', ' ')} | {said} | {words} | {last['fault'] if words else ''} |")
    return "\n".join(rows)


def _results(name: str) -> Path:
    folder = DATA / "torture-bugs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.jsonl"


def _lines(place: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()] if place.exists() else []


if __name__ == "__main__":
    sys.exit(main())
