"""Pages of a list whose items have a key that sorts: what follows a key, and the key to go on from."""

from collections.abc import Sequence
from dataclasses import dataclass

from promises.views import View

Keyed = tuple[str, View]


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: at most `limit` items after the key `after`."""

    after: str | None
    limit: int

    def of(self, name: str, items: Sequence[Keyed]) -> View:
        """The items in the order of their keys, and `next`, the cursor of the following page or nothing."""
        left = sorted((each for each in items if self.after is None or each[0] > self.after), key=lambda each: each[0])
        shown = left[: self.limit]
        return {name: [item for _, item in shown], "next": shown[-1][0] if len(left) > self.limit else None}
