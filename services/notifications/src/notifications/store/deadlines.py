"""Each deadline once, in its highest revision."""

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from notifications.domain.text import Deadline

if TYPE_CHECKING:
    from chassis.database import Connection


class DeadlineRow(NamedTuple):
    """A revision as it came; `state` is its body as JSON, `cause` is set where it settled somebody."""

    deadline_id: UUID
    revision: int
    cause: str | None
    state: str


async def keep(sql: "Connection", rows: Sequence[DeadlineRow]) -> None:
    """Keep the highest revision of each. Rows are locked in the order of their ids, so batches do not deadlock."""
    await sql.execute(
        """
        INSERT INTO deadline AS d (deadline_id, revision, municipality, awaited, settled, cause, state)
        SELECT DISTINCT ON (deadline_id) deadline_id, revision, state->>'municipality',
            ARRAY(SELECT jsonb_array_elements_text(state->'awaited')),
            jsonb_array_length(state->'awaited') = 0, cause, state
        FROM unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[]) AS n(deadline_id, revision, cause, state)
        ORDER BY deadline_id, revision DESC
        ON CONFLICT (deadline_id) DO UPDATE SET
            revision = EXCLUDED.revision, municipality = EXCLUDED.municipality, awaited = EXCLUDED.awaited,
            settled = EXCLUDED.settled, cause = EXCLUDED.cause, state = EXCLUDED.state
        WHERE d.revision < EXCLUDED.revision
        """,
        [row.deadline_id for row in rows],
        [row.revision for row in rows],
        [row.cause for row in rows],
        [row.state for row in rows],
    )


async def hold_still(sql: "Connection", mail_id: UUID) -> None:
    """Lock the deadlines of a mail against change until the transaction ends."""
    await sql.fetch(
        """
        SELECT FROM deadline
        WHERE deadline_id IN (SELECT deadline_id FROM reminder WHERE mail_id = $1)
        ORDER BY deadline_id FOR SHARE
        """,
        mail_id,
    )


def as_told(state: str) -> Deadline:
    """A stored state as the domain reads it."""
    kept: dict[str, Any] = json.loads(state)
    return Deadline(
        municipality_name=kept["municipality_name"],
        title={"sv": kept["title_sv"], "en": kept["title_en"]},
        slot={"sv": kept["slot_sv"], "en": kept["slot_en"]} if kept["slot"] else {"sv": "", "en": ""},
        quote=kept["quote"],
        missing={"sv": tuple(kept["missing_sv"]), "en": tuple(kept["missing_en"])},
        last_day=date.fromisoformat(kept["last_day"]),
        awaited=tuple(kept["awaited"]),
        reported=tuple(kept["reported"]),
    )
