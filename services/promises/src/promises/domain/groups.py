"""Reports by the occasion they tell of: the key they share, or else each its own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from promises.domain.evidence import Report


def groups(reports: Iterable[Report]) -> Mapping[str, Sequence[Report]]:
    """By the occasion's key or, without one, the activity's id."""
    together: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        together[report.occasion_key or report.activity_id].append(report)
    return together
