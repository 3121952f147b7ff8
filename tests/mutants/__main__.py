"""`make mutants`: change the domain in small ways and see which changes no test notices."""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from tests.mutants.report import lines

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".mutants"
BESIDE = ("catalogue", "contracts", "services/promises/tests", "tests/hand_clock.py")
NOT_HERE = ("test_speed", "test_method")
SETTINGS = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/promises/domain/*"]
also_copy = ["catalogue", "contracts", "services", "tests", "conftest.py", "pyproject.toml"]
pytest_add_cli_args = ["-p", "no:randomly", "-p", "no:cacheprovider", IGNORED]
pytest_add_cli_args_test_selection = ["services/promises/tests"]
"""


def prepare() -> None:
    """Lay out a copy in which the domain can be changed: its tests, and what they read; old results stay."""
    for name in BESIDE:
        _copy(ROOT / name, WORK / name)
    _copy(ROOT / "services/promises/src", WORK / "src")
    shutil.copy(ROOT / "tests/mutants/conftest_pure.py", WORK / "conftest.py")
    pytest = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[tool.pytest.ini_options]")[1].split("\n[")[0]
    ignored = ", ".join(f'"--ignore=services/promises/tests/{name}.py"' for name in NOT_HERE)
    settings = SETTINGS.replace("IGNORED", ignored)
    (WORK / "pyproject.toml").write_text(f"[tool.pytest.ini_options]{pytest}{settings}", encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def main() -> None:
    """Run what has no result yet, then say what came of it; `--report` only says it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--report", action="store_true", help="say what came of the last run")
    parser.add_argument("--children", default="2", help="how many at a time")
    parser.add_argument("names", nargs="*", help="e.g. 'promises.domain.figures*'")
    asked = parser.parse_args()
    if not asked.report:
        prepare()
        mutmut = Path(sys.executable).with_name("mutmut")
        subprocess.run([mutmut, "run", "--max-children", asked.children, *asked.names], cwd=WORK, check=True)
    print("\n".join(lines(WORK)))


if __name__ == "__main__":
    main()
