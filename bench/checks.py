"""No figure without its proof: what was written is counted and compared with what was sent."""

from typing import Any

import asyncpg
from chassis.settings import Settings

from bench import made_up
from bench.plan import Plan


class WrongError(RuntimeError):
    """The system was fast and wrong; no figure counts."""


async def check_projection(settings: Settings, plan: Plan) -> None:
    """Every activity is evidence once, no record is a dead letter, and every standing counts what it should.

    Raises:
        WrongError: with the first difference.
    """
    sql = await asyncpg.connect(settings.dsn())
    try:
        same("rows of evidence", await sql.fetchval("SELECT count(*) FROM evidence"), plan.activities)
        same("dead letters", await sql.fetchval("SELECT count(*) FROM dead_letter"), 0)
        await check_standings(sql, made_up.expected(plan.activities, plan.municipalities))
    finally:
        await sql.close()


async def check_standings(sql: asyncpg.Connection, expected: made_up.Expected) -> None:
    """Each internal standing counts exactly what was sent for its period, and nothing else counts anything.

    Raises:
        WrongError: with the first difference.
    """
    rows = await sql.fetch(
        """
        SELECT municipality, obligation, period, (standing->>'counted')::int AS counted FROM standing
        WHERE audience = 'internal' AND (standing->>'counted')::int > 0
        """
    )
    found = {(row["municipality"], row["obligation"], row["period"]): row["counted"] for row in rows}
    wrong = {name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)}
    for name in sorted(wrong)[:1]:
        raise WrongError(f"{len(wrong)} standings are wrong; {name} counts {found.get(name)}, not {expected.get(name)}")


def same(what: str, found: Any, wanted: Any) -> None:  # noqa: ANN401
    """Compare one figure.

    Raises:
        WrongError: they differ.
    """
    if found != wanted:
        raise WrongError(f"{what}: {found}, not {wanted}")
