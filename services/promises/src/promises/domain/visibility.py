"""Two audiences: the internal one sees all evidence, the public one what has been published at a moment."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from promises.domain.calendar import DAY, local_day, period_of, starts
from promises.domain.evidence import Report

Audience = Literal["internal", "public"]


def published_at(report: Report) -> datetime:
    """Public reports at once; `count_only` ones on the first day of the tertial after their logging.

    The source is settled reading 22: a count that moved at the moment of logging would betray the operation.
    """
    if not report.count_only:
        return report.recorded_at
    return starts(period_of("tertial", local_day(report.recorded_at)).window.last + DAY)


def seen_by(audience: Audience, reports: Iterable[Report], now: datetime) -> Iterable[Report]:
    """The revisions an audience may base its standing on; secret plans are never public.

    One that follows a secret report still ends it, or the public would count what was called off for ever.
    """
    return reports if audience == "internal" else _published(reports, now)


def _published(reports: Iterable[Report], now: datetime) -> Iterator[Report]:
    for report in reports:
        if not report.count_only:
            if report.recorded_at <= now:
                yield report
        elif published_at(report) <= now:
            yield report._replace(released=True) if report.status in {"planned", "cancelled"} else report
