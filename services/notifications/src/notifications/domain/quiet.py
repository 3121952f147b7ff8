"""A quiet time of the year: no digest goes out in it, what is still true is told after it (settled reading 27)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

A_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Quiet:
    """From the first to the last day, `MM-DD` each and both in it; it may reach over New Year."""

    first: str
    last: str

    @classmethod
    def read(cls, text: str) -> "Quiet":
        """`MM-DD/MM-DD`.

        Raises:
            ValueError: it is not written so, names a day that no year has, or leaves no day to send on.
        """
        if not re.fullmatch(r"\d\d-\d\d/\d\d-\d\d", text, re.ASCII):
            raise ValueError("a quiet time is written MM-DD/MM-DD, for example 07-01/07-31")
        first, last = (date.fromisoformat(f"{A_LEAP_YEAR}-{day}") for day in text.split("/"))
        if (last - first + timedelta(1)).days % 366 == 0:
            raise ValueError("a quiet time leaves days to send on")
        return cls(*text.split("/"))

    def __contains__(self, day: object) -> bool:
        name = f"{day:%m-%d}"
        if self.first <= self.last:
            return self.first <= name <= self.last
        return name >= self.first or name <= self.last
