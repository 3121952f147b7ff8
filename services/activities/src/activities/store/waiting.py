"""What waits here for something that may never come."""

from typing import Any

from chassis.database import Connection


async def early_birds(sql: Connection) -> dict[str, list[dict[str, Any]]]:
    """The commands whose activity is not known, the one that waits longest first; nothing of what they say."""
    rows = await sql.fetch(
        """
        SELECT organisation, source, command->>'event_id' AS event_id, command->>'kind' AS kind, reference, activity_id,
            expires_at
        FROM early_bird ORDER BY id
        """
    )
    return {"early_birds": [dict(row) for row in rows]}
