"""The claims have numbers: 4.1 to 4.22 are the semantics that must hold, 7.1 to 7.27 the settled readings.

A test that proves one bears its number in its name, `test_7_12_…`, in whichever room it lies. That each number is there
is seen here; that the tests of a number prove the whole of it is for whoever reads them beside the claim.
"""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"^(?:async )?def test_(\d+)_(\d+)_(?:and_(\d+)_(\d+)_)?[a-z]", re.MULTILINE)
SEMANTICS = {(4, n) for n in range(1, 23)}
READINGS = {(7, n) for n in range(1, 28)}


def proven() -> Counter[tuple[int, int]]:
    """How many tests bear each number."""
    rooms = ("services", "chassis", "contracts", "catalogue", "local", "tests")
    files = [path for room in rooms for path in (ROOT / room).rglob("test_*.py")]
    pairs = [found for path in files for found in NAMED.findall(path.read_text(encoding="utf-8"))]
    numbers = [(int(a), int(b)) for a, b, _, _ in pairs] + [(int(c), int(d)) for _, _, c, d in pairs if c]
    return Counter(numbers)


def test_every_claim_has_a_test_that_bears_its_number() -> None:
    assert (SEMANTICS | READINGS) - proven().keys() == set()


def test_no_test_bears_the_number_of_a_claim_that_is_none() -> None:
    assert proven().keys() <= SEMANTICS | READINGS
