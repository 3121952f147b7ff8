"""Pages of a list whose items have a key that sorts: what follows a key, and the key to go on from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from promises.application.ask import WrongError
from promises.views import View

Keyed = tuple[str, View]
KEY = re.compile(r"\d{4}-\d\d-\d\d/\S+|withheld/\d{9}")
WRONG_CURSOR = "use the one that the page before gave as `next`"


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: at most `limit` items after the key `after`."""

    after: str | None
    limit: int

    def of(self, name: str, items: Sequence[Keyed]) -> View:
        """The items in the order of their keys, and `next`, the cursor of the following page or nothing.

        Raises:
            WrongError: the cursor is none of ours.
        """
        if self.after is not None and not KEY.fullmatch(self.after):
            raise WrongError("cursor", WRONG_CURSOR)
        left = sorted((each for each in items if self.after is None or each[0] > self.after), key=lambda each: each[0])
        shown = left[: self.limit]
        return {name: [item for _, item in shown], "next": shown[-1][0] if len(left) > self.limit else None}
