"""One holder at a time for work that must not be done twice at once; the epoch fences a holder that froze."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from chassis.database import Connection


class Lease:
    """A named lease in the service's database, in real time. `epoch` grows each time the holder changes."""

    def __init__(self, name: str, *, lasts: timedelta = timedelta(seconds=10)) -> None:
        self.name = name
        self.epoch: int | None = None
        self._holder = uuid4()
        self._lasts = lasts

    async def hold(self, sql: "Connection") -> bool:
        """Take or renew it; False while somebody else holds it."""
        self.epoch = await sql.fetchval(
            """
            INSERT INTO lease AS l (name, holder, epoch, expires_at)
            VALUES ($1, $2, 1, clock_timestamp() + $3)
            ON CONFLICT (name) DO UPDATE SET
                epoch = l.epoch + CASE WHEN l.holder = $2 THEN 0 ELSE 1 END,
                holder = $2,
                expires_at = clock_timestamp() + $3
            WHERE l.holder = $2 OR l.expires_at < clock_timestamp()
            RETURNING epoch
            """,
            self.name,
            self._holder,
            self._lasts,
        )
        return self.epoch is not None

    async def release(self, sql: "Connection") -> None:
        """Let the next holder in at once."""
        await sql.execute(
            "UPDATE lease SET expires_at = '-infinity' WHERE name = $1 AND holder = $2", self.name, self._holder
        )
        self.epoch = None


async def listing(sql: "Connection") -> list[dict[str, Any]]:
    """Every lease; one whose `seconds_left` are below zero is free."""
    rows = await sql.fetch(
        """
        SELECT name, holder, epoch,
            greatest(extract(epoch FROM expires_at - clock_timestamp()), -1)::float AS seconds_left
        FROM lease ORDER BY name
        """
    )
    return [dict(row) for row in rows]
