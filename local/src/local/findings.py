"""What was looked at: the words of a finding, and what a service's internal port said."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple


class Finding(NamedTuple):
    """What was looked at, whether it is well, and what was seen or is to be done."""

    what: str
    well: bool
    detail: str


def well(what: str, seen: str) -> Finding:
    """Nothing to mend."""
    return Finding(what, well=True, detail=seen)


def wrong(what: str, seen: str, section: str) -> Finding:
    """Something to mend; `section` of docs/operating.md says how."""
    return Finding(what, well=False, detail=f"{seen}; see {section} in docs/operating.md")


class Sample(NamedTuple):
    """One figure of a metric."""

    labels: Mapping[str, str]
    value: float


class Said(NamedTuple):
    """What an internal port answered; where there is a `fault` it said nothing else.

    `now` is the service's time, which may be simulated; `ahead` is by how many seconds its host's clock is ahead of
    this machine's; `unready` is what `/readyz` complained of; `metrics` are samples by the metric's name.
    """

    address: str
    fault: str = ""
    service: str = "?"
    version: str = "?"
    unready: str = ""
    now: datetime | None = None
    simulated: bool = False
    ahead: float = 0.0
    metrics: Mapping[str, Sequence[Sample]] = {}

    def samples(self, name: str, **labels: str) -> list[Sample]:
        """The samples of a metric that have these labels."""
        return [each for each in self.metrics.get(name, ()) if labels.items() <= each.labels.items()]
