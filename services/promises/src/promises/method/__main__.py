"""`python -m promises.method` writes docs/method.md; `--check` tells whether it is up to date."""

import argparse
import difflib
import sys
from pathlib import Path

from promises.method.page import page

ROOT = Path(__file__).resolve().parents[5]
FILE = ROOT / "docs" / "method.md"
CATALOGUE = ROOT / "catalogue" / "2480-umea.yaml"


def main() -> None:
    """Write the page, or compare it and end with status 1 where it differs."""
    parser = argparse.ArgumentParser(prog="python -m promises.method", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; show what differs and end with status 1")
    checking = parser.parse_args().check
    wanted = page(CATALOGUE)
    if not checking:
        FILE.write_text(wanted, encoding="utf-8")
        return
    there = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    found = list(difflib.unified_diff(there.splitlines(), wanted.splitlines(), "there", "wanted", lineterm="", n=1))
    if found:
        sys.exit("\n".join([*found, "docs/method.md differs from the rules: run `make generate`"]))


if __name__ == "__main__":
    main()
