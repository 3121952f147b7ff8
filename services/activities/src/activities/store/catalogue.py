"""The read copy of what is promised: the highest revision of each promise; nothing is ever deleted."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import asyncpg
from chassis.database import Connection
from contracts.promises import PromiseState, PromiseWithdrawn

from activities.domain.authority import Copy, Promised, Span


async def keep(sql: Connection, promises: Sequence[PromiseState]) -> None:
    """Keep the highest revision of each."""
    latest = {(p.municipality, p.promise): p for p in sorted(promises, key=lambda p: p.revision)}
    await sql.executemany(
        """
        INSERT INTO promise AS p (municipality, promise, revision, withdrawn, state)
        VALUES ($1, $2, $3, $4, $5::jsonb)
        ON CONFLICT (municipality, promise) DO UPDATE SET
            revision = EXCLUDED.revision, withdrawn = EXCLUDED.withdrawn, state = EXCLUDED.state
        WHERE p.revision < EXCLUDED.revision
        """,
        [
            (*name, each.revision, isinstance(each, PromiseWithdrawn), each.model_dump_json())
            for name, each in sorted(latest.items())
        ],
    )
    await _keep_validity(sql, promises)
    await sql.execute("UPDATE promise_version SET version = version + 1")


async def _keep_validity(sql: Connection, promises: Sequence[PromiseState]) -> None:
    """A revision that was replaced was in force in its time."""
    spans = {
        (each.municipality, entry.id, entry.valid_from, entry.valid_to)
        for each in promises
        for entry in each.obligations
    }
    await sql.executemany(
        """
        INSERT INTO validity (municipality, obligation, valid_from, valid_to) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        """,
        sorted(spans, key=str),
    )


class Copies:
    """The read copy in memory, read again when the table has another version; `copy` is the one read last."""

    def __init__(self) -> None:
        self._version = -1
        self.copy = Copy({}, {})

    async def latest(self, sql: "Connection | asyncpg.Pool") -> Copy:
        """What is promised now. The version is read first: a change between the two reads is read again next time."""
        version = await sql.fetchval("SELECT version FROM promise_version")
        if version != self._version:
            self.copy, self._version = await _read(sql), version
        return self.copy


async def _read(sql: "Connection | asyncpg.Pool") -> Copy:
    """What is promised now, withdrawn promises left out."""
    rows = await sql.fetch("SELECT municipality, state FROM promise WHERE NOT withdrawn ORDER BY municipality, promise")
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for municipality, obligation, *span in await sql.fetch("SELECT * FROM validity ORDER BY 1, 2, 3, 4"):
        spans[municipality, obligation].append((span[0], span[1]))
    obligations: dict[str, dict[str, Promised]] = {}
    revisions: dict[str, int] = {}
    for row in rows:
        state = json.loads(row["state"])
        code = row["municipality"]
        known = obligations.setdefault(code, {})
        known |= {entry["id"]: _promised(entry, spans[code, entry["id"]]) for entry in state["obligations"]}
        revisions[code] = max(revisions.get(code, 0), state["catalogue_revision"])
    return Copy(obligations, revisions)


def _promised(entry: dict[str, Any], spans: Sequence[Span]) -> Promised:
    return Promised(
        id=entry["id"],
        owners=tuple(entry["owners"]),
        may_report=tuple(entry["may_report"]),
        joint=entry["joint"],
        themes=tuple(entry["themes"]),
        audiences=tuple(entry["audiences"]),
        kinds=tuple(entry["kinds"]),
        quantities=tuple(entry["quantities"]),
        visibility=entry["visibility"],
        spans=tuple(spans),
    )
