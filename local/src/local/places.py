"""What the system is made of, and where it is in the checkout and on this machine."""

from pathlib import Path
from typing import NamedTuple

SERVICES = ("activities", "promises", "notifications")
ORGANISATIONS = ("polisen-lpo-umea", "umea-kommun")
API, INTERNAL, INBOX, SMTP = 8001, 9001, 8025, 8026
"""Ports; a service's are as many above as it stands in the row."""
IN_COMPOSE = [f"http://{name}:9000" for name in SERVICES]

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
