"""The demonstration's records: what organisations report in a year, one JSON object a line."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

What = Literal["report", "correction", "retraction", "confirmation", "baseline"]


@dataclass(frozen=True, slots=True)
class Record:
    """`at` is when it is sent, `tells` what it shows a watcher, `refused` the code it is refused with.

    `reference` is the sender's name of the activity, or of the activity meant; `source` is for Kafka alone. Records of
    one `batch` go as one list. `value` is the raw text of a malformed one.
    """

    at: datetime
    via: Literal["http", "kafka", "malformed"]
    organisation: str
    event_id: str
    reference: str
    what: What = "report"
    source: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    batch: str = ""
    tells: str = ""
    refused: str = ""
    value: str = ""


def read(path: Path) -> list[Record]:
    """The records of a file in the order of their time."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    found = [Record(**(line | {"at": datetime.fromisoformat(line["at"])})) for line in lines]
    return sorted(found, key=lambda record: record.at)


def together(records: Sequence[Record]) -> Iterator[list[Record]]:
    """What is sent at once: the records of a batch, every other one alone."""
    numbered = enumerate(records)
    for _, group in groupby(numbered, key=lambda pair: pair[1].batch or pair[0]):
        yield [record for _, record in group]
