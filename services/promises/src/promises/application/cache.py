"""The reports of periods as they were last read: who judges a period again reads what came to it since."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Any

from chassis.database import Connection

from promises import document
from promises.domain.evidence import Report
from promises.store import evidence, joined
from promises.store.evidence import Added, Span
from promises.store.joined import Keyed

MOST = 100_000

Reports = tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """The reports of a span up to a `seq`, and the hash of their rows."""

    seq: int = 0
    hash: int = 0
    reports: Reports = ()
    keys: frozenset[str] = frozenset()

    def then(self, rows: Sequence[Any]) -> "_Read":
        """With the rows that came after it."""
        if not rows:
            return self
        new = tuple(document.report(row) for row in rows)
        return _Read(
            seq=max(row["seq"] for row in rows),
            hash=reduce(xor, (row["hash"] for row in rows), self.hash),
            reports=self.reports + new,
            keys=self.keys.union(report.occasion_key for report in new if report.occasion_key),
        )


_UNREAD = _Read()


class Cache:
    """Keeps the reports of the spans that were judged last, `most` in all (100,000 take some 60 MB).

    They are used only while the database holds the very rows they were made of; else the span is read whole. So a row
    committed late under a low `seq`, a restore and a rebuild are seen like any other. What the keys of occasions join
    from other obligations is asked for each time: an old row may be joined by a new one.
    """

    def __init__(self, most: int = MOST) -> None:
        self._spans: OrderedDict[Span, _Read] = OrderedDict()
        self._most, self.rows = most, 0

    async def reports(self, sql: Connection, spans: Sequence[Span]) -> dict[Span, Reports]:
        """Every revision that touches each span's days, as it is committed now; a span may have none."""
        known = {span: self._spans.get(span, _UNREAD) for span in spans}
        added = await _since(sql, known)
        changed = {span: _UNREAD for span in spans if added[span].before != known[span].hash}
        if changed:
            known |= changed
            added |= await _since(sql, changed)
        found = {span: known[span].then(added[span].rows) for span in spans}
        for span, read in found.items():
            self._keep(span, read)
        others = await _others(sql, found)
        return {span: read.reports + others.get(span, ()) for span, read in found.items()}

    def _keep(self, span: Span, read: _Read) -> None:
        """As the last one judged; what was judged longest ago makes room."""
        self.rows += len(read.reports) - len(self._spans.pop(span, _UNREAD).reports)
        self._spans[span] = read
        while self.rows > self._most:
            _, gone = self._spans.popitem(last=False)
            self.rows -= len(gone.reports)


async def _since(sql: Connection, known: Mapping[Span, _Read]) -> dict[Span, Added]:
    return await evidence.since(sql, {span: read.seq for span, read in known.items()}, document.NOT_JUDGED)


async def _others(sql: Connection, found: Mapping[Span, _Read]) -> dict[Span, Reports]:
    """The reports of other obligations under the spans' keys, of those spans that have some."""
    asked = {span: Keyed(span.municipality, span.obligation, read.keys) for span, read in found.items() if read.keys}
    rows = await joined.rows(sql, list(asked.values()), document.NOT_JUDGED)
    return {span: tuple(document.report(row) for row in each) for span, each in zip(asked, rows, strict=True)}
