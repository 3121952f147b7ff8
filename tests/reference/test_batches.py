"""Laws of the projector on PostgreSQL: how events are cut into batches, and what else is promised, changes nothing."""

import asyncio
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from chassis.database import connect
from chassis.migrate import migrate
from chassis.settings import Settings
from contracts.activities import (
    ActivityConfirmed,
    ActivityCorrected,
    ActivityLogged,
    ActivityRetracted,
    BaselineReported,
)
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from promises.application.load import load
from promises.catalogue.check import checked

from services.promises.tests.driving import CATALOGUE, Projector
from tests.reference.compared import read
from tests.reference.generated import Dict, activities, baselines, of_the_occasion, revised

EXAMPLES = int(os.environ.get("REFERENCE_EXAMPLES", "5"))
QUICK = bounds(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.generate],  # an example takes a second or two: the first that fails is told as it is
)
CATALOG, BEGINS, NOW = read(CATALOGUE), datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 5, 9, tzinfo=UTC)
KINDS = {
    "logged": ActivityLogged,
    "corrected": ActivityCorrected,
    "retracted": ActivityRetracted,
    "confirmed": ActivityConfirmed,
}
Event = Any
Batches = Sequence[Sequence[Event]]


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """The events of some activities and baselines, in the order of their happening."""
    events: list[Event] = []
    keyed: list[Dict] = []
    for number in range(1, draw(st.integers(4, 9))):
        now, before = NOW, None
        for kind in ("logged", *draw(st.lists(st.sampled_from(("corrected", "retracted", "confirmed")), max_size=3))):
            said = draw(activities(CATALOG, NOW.date())) if kind in {"logged", "corrected"} else dict(before or {})
            if keyed and kind in {"logged", "corrected"} and draw(st.booleans()):
                said = of_the_occasion(said, draw(st.sampled_from(keyed)))
            keyed += [said] if said["occasion_key"] else []
            said |= {"organisation": before["organisation"]} if before else {}
            said |= {"status": "retracted"} if kind == "retracted" else {}
            others = sorted(set(CATALOG["organisations"]) - {said["organisation"]})
            said |= {"confirmed_by": others} if kind == "confirmed" else {}
            before = revised(before, said, now=now, number=number)
            body = before | {"revision": before["revision"], "municipality": "2480"}
            events.append(KINDS[kind].model_validate_json(json.dumps(body)))
    for number, said in enumerate(draw(st.lists(baselines(CATALOG, NOW.date()), max_size=3)), 1):
        about = {"baseline_id": str(UUID(int=number)), "revision": number, "quantity": "pupils_enrolled"}
        about |= {"organisation": "umea-kommun", "source": "/s", "municipality": "2480", "catalogue_revision": 1}
        events.append(BaselineReported(**(said | about), recorded_at=NOW))
    return events


def cuts(luck: Random, events: Sequence[Event]) -> list[list[Event]]:
    """The same events in another order, some twice, cut anywhere."""
    told = [*events, *(each for each in events if luck.random() < 0.3)]
    luck.shuffle(told)
    batches: list[list[Event]] = [[]]
    for each in told:
        if luck.random() < 0.4:
            batches.append([])
        batches[-1].append(each)
    return [batch for batch in batches if batch]


class Place:
    """A database that is emptied for every telling."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def told(self, batches: Batches, judged_at: Sequence[bool] = (), only: str | None = None) -> Dict:
        """What the database holds once the batches came, judged after some of them and at the end."""
        projector = Projector(await connect(self._settings, "promises"))
        try:
            await self._begin(projector, only)
            for number, batch in enumerate(batches):
                await projector.ingest(*batch)
                if number < len(judged_at) and judged_at[number]:
                    await projector.turn(NOW)
            await projector.turn(NOW)
            assert not await projector.letters()
            return await self._canonical(projector)
        finally:
            await projector.database.close()

    async def _begin(self, projector: Projector, only: str | None) -> None:
        rows = await projector.database.pool.fetch(
            """
            SELECT relname FROM pg_class
            WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
                AND relname NOT LIKE '%migration%'
            """
        )
        await projector.database.pool.execute(f"TRUNCATE {', '.join(sorted(row['relname'] for row in rows))} CASCADE")
        catalogue, organisations = checked(CATALOGUE)
        kept = tuple(p for p in catalogue.promises if only in {None, *(each.id for each in p.obligations)})
        projector.clock.moment = BEGINS
        await load(projector.database, catalogue.model_copy(update={"promises": kept}), organisations, BEGINS)

    async def _canonical(self, projector: Projector) -> Dict:
        pool = projector.database.pool
        return {
            "evidence": [str(tuple(row)) for row in await pool.fetch(EVIDENCE)],
            "baseline": [str(tuple(row)) for row in await pool.fetch(BASELINE)],
            "standing": {tuple(row)[:3]: str(tuple(row)[3:]) for row in await pool.fetch(STANDING)},
            "dirty": await pool.fetchval("SELECT count(*) FROM dirty"),
        }


EVIDENCE = """
    SELECT activity_id, revision, obligation, counted_on, municipality, state, recorded_at, facts FROM evidence
    ORDER BY activity_id, revision, obligation, counted_on
"""
BASELINE = "SELECT obligation, period, revision, total, units, recorded_at FROM baseline ORDER BY 1, 2, 3"
STANDING = "SELECT obligation, period, audience, standing, wake_at FROM standing ORDER BY 1, 2, 3"


def test_batch_boundaries_orders_and_repetitions_change_nothing(settings: Settings) -> None:
    asyncio.run(migrate(settings, "promises"))
    place = Place(settings)

    @QUICK
    @given(events=lives(), luck=st.randoms(use_true_random=False))
    def law(events: list[Event], luck: Random) -> None:
        batches = cuts(luck, events)
        whole = asyncio.run(place.told([events]))
        assert whole["dirty"] == 0
        assert asyncio.run(place.told(batches, [luck.random() < 0.5 for _ in batches])) == whole
        assert asyncio.run(place.told([[each] for each in reversed(events)])) == whole

    law()


def test_another_promise_changes_nothing(settings: Settings) -> None:
    asyncio.run(migrate(settings, "promises"))
    place = Place(settings)
    umbrellas = {
        each["id"] for p in CATALOG["promises"] for each in p["obligations"] if each["rule"]["kind"] == "umbrella"
    }
    names = sorted({each["id"] for p in CATALOG["promises"] for each in p["obligations"]} - umbrellas)

    @QUICK
    @given(events=lives(), name=st.sampled_from(names))
    def law(events: list[Event], name: str) -> None:
        beside = asyncio.run(place.told([events]))["standing"]
        alone = asyncio.run(place.told([events], only=name))["standing"]
        assert {key: each for key, each in beside.items() if key[0] == name} == {
            key: each for key, each in alone.items() if key[0] == name
        }
        assert any(key[0] == name for key in alone)

    law()
