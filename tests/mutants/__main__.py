"""`make mutants`: change the domain in small ways and see which changes no test notices."""

import argparse
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tests.mutants.outcome import changes, forget_unnoticed
from tests.mutants.report import complaints, markdown, share

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".mutants"
REPORT = ROOT / "docs/mutants.md"
REASONS = ROOT / "tests/mutants/reasons.toml"
BESIDE = (
    "catalogue",
    "contracts",
    "services/promises/tests",
    "tests/hand_clock.py",
    "tests/refusals.py",
    "tests/walking.py",
)
SETTINGS = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/promises/domain/*"]
also_copy = ["catalogue", "contracts", "services", "tests", "conftest.py", "pyproject.toml"]
"""


def prepare() -> None:
    """Lay out a copy in which the domain can be changed: its tests, and what they read; old results stay."""
    for name in BESIDE:
        _copy(ROOT / name, WORK / name)
    _copy(ROOT / "services/promises/src", WORK / "src")
    shutil.copy(ROOT / "tests/mutants/conftest_pure.py", WORK / "conftest.py")
    pytest = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[tool.pytest.ini_options]")[1].split("\n[")[0]
    (WORK / "pyproject.toml").write_text(f"[tool.pytest.ini_options]{pytest}{SETTINGS}", encoding="utf-8")


def run(names: Sequence[str], children: str) -> None:
    """Try the changes that have no result or were not noticed."""
    prepare()
    forget_unnoticed(WORK)
    subprocess.run([sys.executable, ROOT / "tests/mutants/forks.py", children, *names], cwd=WORK, check=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def main() -> None:
    """Run what has no result yet or was not noticed, then report; ends with status 1 where the report complains."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--report", action="store_true", help="only report what came of the runs before")
    parser.add_argument("--children", default="2", help="how many at a time")
    parser.add_argument("names", nargs="*", help="e.g. 'promises.domain.figures*'")
    asked = parser.parse_args()
    if not asked.report:
        run(asked.names, asked.children)
    found = changes(WORK)
    reasons = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    REPORT.write_text(markdown(found, reasons, date.today()), encoding="utf-8")  # noqa: DTZ011 - the day of whoever runs
    print(f"{share(found):.1f} % of {len(found)} changes noticed; see {REPORT.relative_to(ROOT)}")
    wrong = list(complaints(found, reasons))
    print("\n".join(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
