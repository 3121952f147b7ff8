"""Rules and routes as they are deployed, with every time in them so many times shorter, and nothing else changed.

Shortened are `for:`, the ranges and steps in brackets, `offset`, and the pauses of the routes (`group_wait`,
`group_interval`, `repeat_interval`). Not shortened are the limits that a figure is compared with: a minute that the
outbox may wait is a minute here too, since the services do not live faster.
"""

import re
from pathlib import Path

UNITS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
TIME = r"(\d+)([smhd])\b"
PLACES = (rf"(?<=for: ){TIME}", rf"(?<=offset ){TIME}", rf"(?<=_(?:wait): ){TIME}", rf"(?<=_interval: ){TIME}")
RANGE = rf"\[{TIME}(?::{TIME})?\]"


def shortened(text: str, factor: int) -> str:
    """The text of a file of rules or routes, its times divided by `factor`."""

    def short(found: re.Match[str]) -> str:
        return f"{int(found[1]) * UNITS[found[2]] * 1000 // factor}ms"

    for place in PLACES:
        text = re.sub(place, short, text)
    return re.sub(RANGE, lambda found: re.sub(TIME, short, found[0]), text)


def shorten(deployed: Path, folder: Path, factor: int) -> Path:
    """Write the deployed rules and routes into `folder`, shortened."""
    for source in (deployed / "alertmanager.yml", *sorted((deployed / "rules").glob("*.yml"))):
        place = folder / source.relative_to(deployed)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(shortened(source.read_text(encoding="utf-8"), factor), encoding="utf-8")
    return folder
