"""How many there are in a period: what a coverage is measured against."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a sender says; with `units` the total is their sum."""

    municipality: str
    obligation: str
    period: str
    quantity: str
    total: int
    units: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The thing that revisions belong to."""
        return f"{self.municipality}/{self.obligation}/{self.period}"
