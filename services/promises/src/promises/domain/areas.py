"""What an organisation did in all its municipalities: an occasion under one key counts once (settled reading 17)."""

from collections.abc import Iterable, Iterator

from promises.domain.calendar import Period, Window
from promises.domain.evidence import Report, occasions
from promises.domain.groups import groups
from promises.domain.obligation import Obligation


def counted(obligation: Obligation, period: Period, reports: Iterable[Report], days: Window) -> Iterator[str]:
    """The names of the occasions that count for the obligation on these days; `reports` are the ruling revisions.

    What is measured against a baseline is no occasion, and an umbrella has none of its own.
    """
    version = obligation.ruling(period)
    if not version.rule.by_occasion:
        return
    for name, group in groups(reports).items():
        [occasion] = occasions(group)
        if occasion.counted_on in days and version.rule.tally(version, period, [occasion], None).counted:
            yield name
