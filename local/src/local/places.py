"""Where things are in the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "catalogue" / "2480-umea.yaml"
DATA = ROOT / ".lofteskollen"
YEAR = Path(__file__).parent / "year"
RECORDS = YEAR / "year-2026.jsonl"
EXPECTED = YEAR / "expected.json"
RECIPIENTS = YEAR / "recipients.yaml"
