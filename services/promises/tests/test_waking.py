"""Time alone changes a standing at its `wake_at`, for each audience at its own."""

from collections.abc import Callable
from datetime import date

from contracts.activities import ActivityEvent
from promises.store import standings

from services.promises.tests.driving import POLICE, TOWN, Projector
from services.promises.tests.promising import moment

NewActivity = Callable[..., ActivityEvent]


async def test_no_standing_goes_on_waiting_for_a_moment_that_has_come(projector: Projector) -> None:
    await projector.load()
    await projector.turn(moment("2026-01-01"))
    for _ in range(400):
        async with projector.database.pool.acquire() as sql:
            instant = await standings.next_wake(sql)
            assert await standings.due(sql, projector.clock.now()) == 0
        if instant is None or instant > moment("2027-02-01"):
            break
        await projector.turn(instant)


async def test_a_secret_report_of_a_closed_tertial_is_published_at_its_boundary(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    name = "prostitution-manniskohandel"
    pair = {"obligation": name, "counted_on": date(2026, 4, 10)}
    about = {"organisation": POLICE, "obligations": (name,), "themes": ("prostitution",), "confirmed_by": (TOWN,)}
    late = {"visibility": "count_only", "recorded_at": moment("2026-05-20"), "footprint": (pair,)}
    await projector.live(moment("2026-05-19"))
    await projector.ingest(activity("2026-04-10", **about, **late))

    async def counted(day: str) -> int:
        await projector.live(moment(day))
        found: int = await projector.database.pool.fetchval(
            """
            SELECT (standing->>'counted')::int FROM standing
            WHERE obligation = $1 AND period = '2026-T1' AND audience = 'public'
            """,
            name,
        )
        return found

    assert [await counted("2026-08-31T23:59"), await counted("2026-09-01")] == [0, 1]


async def test_months_that_passed_while_nothing_ran_are_judged_afterwards(projector: Projector) -> None:
    await projector.load()
    await projector.turn(moment("2026-01-10"))
    await projector.turn(moment("2026-05-10"))
    rows = await projector.database.pool.fetch(
        """
        SELECT period, audience, standing->>'phase' AS phase FROM standing
        WHERE obligation = 'tillganglig-polis' ORDER BY audience, period
        """
    )
    phases = [("01", "closed"), ("02", "closed"), ("03", "closed"), ("04", "in_grace"), ("05", "open")]
    both = [(f"2026-{month}", audience, phase) for audience in ("internal", "public") for month, phase in phases]
    assert [tuple(row) for row in rows] == both
