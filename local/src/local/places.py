"""Where things are in the checkout."""

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "catalogue" / "2480-umea.yaml"
DATA = ROOT / ".lofteskollen"
RECIPIENTS = Path(__file__).parent / "recipients.yaml"
ONE_PROMISE = Path(__file__).parent / "one_promise"
YEAR = Path(__file__).parent / "year"


class Story(NamedTuple):
    """What a demonstration plays: who promised what, who is mailed, what is reported, what must come out."""

    catalogue: Path
    recipients: Path
    records: Path
    expected: Path


def story(folder: Path) -> Story:
    """The story that a folder holds."""
    return Story(
        catalogue=next(folder.glob("[0-9]*.yaml"), CATALOGUE),
        recipients=folder / "recipients.yaml",
        records=next(folder.glob("*.jsonl")),
        expected=folder / "expected.json",
    )
