"""The figures beside their aims: on the terminal, and between two marks of `docs/performance.md`."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psutil

from bench.marks import put

BEGIN, END = "<!-- figures: written by `python -m bench` -->", "<!-- end of figures -->"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
GIB = 1024**3
TENTHS = 20


class Line(NamedTuple):
    """One figure; `least` and `most` are aims, `fault` is where something is wrong with the design."""

    what: str
    beside: str
    figure: float
    unit: str = ""
    least: float | None = None
    most: float | None = None
    fault: float | None = None
    absolute: str = ""

    @property
    def verdict(self) -> str:
        """How the figure lies to its aim."""
        if self.fault is not None and self.figure < self.fault:
            return "design fault"
        if self.least is not None:
            return "met" if self.figure >= self.least else "below"
        if self.most is not None:
            return "met" if self.figure <= self.most else "above"
        return "no aim"

    @property
    def aim(self) -> str:
        """The aim in words."""
        if self.least is not None:
            return f"at least {self.least:g}"
        return f"at most {self.most:g}{self.unit}" if self.most is not None else "–"

    @property
    def shown(self) -> str:
        """The figure as people read it."""
        digits = 2 if not self.unit else 1 if self.figure < TENTHS else 0
        return f"{self.figure:.{digits}f}{self.unit}"


@dataclass(frozen=True, slots=True)
class Report:
    """All lines and what they were measured with."""

    lines: Sequence[Line]
    about: str

    def terminal(self) -> str:
        """A table for a terminal."""
        rows = [("figure", "", "aim", "", "")]
        rows += [(line.what, line.shown, line.aim, line.verdict, line.absolute) for line in self.lines]
        widths = [max(len(row[n]) for row in rows) for n in range(5)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )

    def markdown(self) -> str:
        """The same for the page, with the day and the machine in general words."""
        head = ["| what | beside | figure | aim | | absolute |", "|---|---|---|---|---|---|"]
        body = [
            f"| {line.what} | {line.beside} | **{line.shown}** | {line.aim} | {line.verdict} | {line.absolute} |"
            for line in self.lines
        ]
        memory = psutil.virtual_memory().total / GIB
        day = datetime.now(UTC).date()
        place = f"Measured {day} on a machine with {os.cpu_count()} cores and {memory:.0f} GiB of memory. {self.about}"
        return "\n".join([place, "", *head, *body])

    def write(self) -> None:
        """Put the figures into the page."""
        put(PAGE, BEGIN, END, self.markdown())
