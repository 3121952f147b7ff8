"""Whatever happens, in whatever order it arrives: the projector on PostgreSQL and the reference fold agree."""

import asyncio
import json
import os
from collections.abc import Coroutine
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
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
from hypothesis import HealthCheck
from hypothesis import settings as bounds
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from promises.application.load import load
from promises.catalogue.check import checked

from services.promises.tests.driving import CATALOGUE, Projector
from tests.reference import fold
from tests.reference.compared import differences, read
from tests.reference.generated import Dict, activities, amendments, baselines, covering, of_the_occasion, revised
from tests.reference.municipalities import municipalities, written

EXAMPLES = int(os.environ.get("REFERENCE_EXAMPLES", "20"))
TYPES = {each.TYPE: each for each in (ActivityLogged, ActivityCorrected, ActivityRetracted, ActivityConfirmed)}
LILLEVIK = CATALOGUE.parent / "example" / "9901-lillevik.yaml"
MEASURED = ("municipality", "obligation", "period")
Answer = TypeVar("Answer")


class Machine(RuleBasedStateMachine):
    """A municipality in which anything may happen; what is held back arrives later, in another order."""

    place: Path | None
    begins: datetime
    settings: Settings

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.catalogues: list[Dict] = []
        self.latest: list[Dict] = []
        self.events: list[Dict] = []
        self.measured: list[Dict] = []
        self.waiting: list[Dict] = []
        self.number = 0
        self.now = self.begins

    def run(self, task: Coroutine[Any, Any, Answer]) -> Answer:
        return self.runner.run(task)

    @initialize(data=st.data())
    def promise(self, data: st.DataObject) -> None:
        self.catalogues = [read(self.place)] if self.place else data.draw(municipalities())
        self.run(self._begin())

    async def _begin(self) -> None:
        await self._connect()
        tables = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        found = [row["relname"] for row in await self.projector.database.pool.fetch(tables)]
        kept = {"schema_migration", "migration", "schema_migrations", "migrations"}
        await self.projector.database.pool.execute(f"TRUNCATE {', '.join(sorted(set(found) - kept))} CASCADE")
        for catalogue in self.catalogues:
            with TemporaryDirectory() as folder:
                place = self.place or written(catalogue, Path(folder))
                await load(self.projector.database, *checked(place), self.now)
        await self.projector.turn(self.now)

    async def _connect(self) -> None:
        self.projector = Projector(await connect(self.settings, "promises"))
        self.projector.clock.moment = self.now

    def teardown(self) -> None:
        if self.catalogues:
            self.run(self.projector.database.close())
        self.runner.close()

    def _say(self, kind: str, event: Dict) -> None:
        body = event | {"type": f"se.lofteskollen.activity.{kind}.v1"}
        self.waiting.append(body)
        self.latest = [each for each in self.latest if each["activity_id"] != event["activity_id"]] + [body]

    def _said(self, data: st.DataObject, ahead: int = 0, code: str | None = None) -> Dict:
        """Something new, in any municipality or in one."""
        somewhere = st.sampled_from([each for each in self.catalogues if code in {None, each["municipality"]}])
        return data.draw(activities(data.draw(somewhere), self.now.date() + timedelta(ahead)))

    @rule(data=st.data())
    def log(self, data: st.DataObject) -> None:
        self.number += 1
        self._say("logged", revised(None, self._said(data), now=self.now, number=self.number))

    @precondition(lambda self: any(each["occasion_key"] for each in self.latest))
    @rule(data=st.data(), anew=st.booleans())
    def join(self, data: st.DataObject, anew: bool) -> None:
        """Someone tells of an occasion that was told of, or corrects a report into one of it."""
        first = data.draw(st.sampled_from([each for each in self.latest if each["occasion_key"]]))
        said = of_the_occasion(self._said(data, code=first["municipality"]), first)
        others = [each for each in self.latest if each["municipality"] == first["municipality"] and each != first]
        if anew or not others:
            self.number += 1
            self._say("logged", revised(None, said, now=self.now, number=self.number))
            return
        before = data.draw(st.sampled_from(others))
        said |= {"organisation": before["organisation"]}
        self._say("corrected", revised(before, said, now=self.now, number=UUID(before["activity_id"]).int))

    @rule(data=st.data())
    def plan(self, data: st.DataObject) -> None:
        self.number += 1
        said = self._said(data, 130) | {"status": "planned"}
        self._say("logged", revised(None, said, now=self.now, number=self.number))

    @precondition(lambda self: self.latest)
    @rule(data=st.data(), little=st.booleans())
    def correct(self, data: st.DataObject, little: bool) -> None:
        before = data.draw(st.sampled_from(self.latest))
        said = self._said(data, code=before["municipality"]) | {"organisation": before["organisation"]}
        if little:
            said = data.draw(amendments(before, said))
        self._say("corrected", revised(before, said, now=self.now, number=UUID(before["activity_id"]).int))

    @precondition(lambda self: self.latest)
    @rule(data=st.data(), status=st.sampled_from(("retracted", "cancelled", "done", "planned")))
    def restate(self, data: st.DataObject, status: str) -> None:
        before = data.draw(st.sampled_from(self.latest))
        after = revised(before, before | {"status": status}, now=self.now, number=UUID(before["activity_id"]).int)
        self._say("retracted" if status == "retracted" else "corrected", after | {"revision": before["revision"] + 1})

    @precondition(lambda self: self.latest)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        before = data.draw(st.sampled_from(self.latest))
        known = next(each for each in self.catalogues if each["municipality"] == before["municipality"])
        partners = sorted(set(known["organisations"]) - {before["organisation"]})
        after = revised(
            before, before | {"confirmed_by": partners}, now=self.now, number=UUID(before["activity_id"]).int
        )
        self._say("confirmed", after)

    @precondition(lambda self: any(map(covering, self.catalogues)))
    @rule(data=st.data())
    def measure(self, data: st.DataObject) -> None:
        catalogue = data.draw(st.sampled_from([each for each in self.catalogues if covering(each)]))
        said = data.draw(baselines(catalogue, self.now.date()))
        thing = tuple(said[name] for name in MEASURED)
        earlier = [each for each in (*self.measured, *self.waiting) if "baseline_id" in each]
        number = sum(tuple(each[name] for name in MEASURED) == thing for each in earlier) + 1
        about = {"baseline_id": str(uuid5(NAMESPACE_OID, "/".join(thing))), "revision": number}
        about |= {"quantity": "pupils_enrolled", "source": "/organisations/x"}
        about |= {"organisation": min(catalogue["organisations"]), "recorded_at": self.now.isoformat()}
        self.waiting.append(said | about | {"catalogue_revision": 1})

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Some of what waits, in any order, with some of what came before again."""
        shuffled = data.draw(st.permutations(self.waiting))
        batch, self.waiting = self._split(shuffled, data.draw(st.integers(1, len(shuffled))))
        known = [*self.events, *self.measured]
        again = data.draw(st.lists(st.sampled_from(known), max_size=3)) if known else []
        self.run(self.projector.ingest(*(self._typed(each) for each in (*batch, *again))))
        self.events += [each for each in batch if "activity_id" in each]
        self.measured += [each for each in batch if "baseline_id" in each]
        self.run(self.projector.turn(self.now))

    @rule(days=st.sampled_from((0, 1, 3, 14, 15, 31, 62, 125, 200)), seconds=st.integers(0, 86_399))
    def advance(self, days: int, seconds: int) -> None:
        self.now += timedelta(days, seconds)
        self.run(self.projector.turn(self.now))

    @rule()
    def restart(self) -> None:
        self.run(self.projector.database.close())
        self.run(self._connect())
        self.run(self.projector.turn(self.now))

    @invariant()
    def they_agree(self) -> None:
        for catalogue in self.catalogues:
            expected = fold.standings(catalogue, self.events, self.measured, self.now)
            apart = differences(self.run(self._found(catalogue["municipality"])), expected)
            assert not apart, f"{catalogue['municipality']} at {self.now}: {apart}"
        if self.catalogues:
            assert not self.run(self.projector.letters())

    async def _found(self, code: str) -> dict[fold.Key, Dict]:
        rows = await self.projector.database.pool.fetch(
            "SELECT obligation, period, audience, standing FROM standing WHERE municipality = $1", code
        )
        return {(row[0], row[1], row[2]): json.loads(row[3]) for row in rows}

    @staticmethod
    def _split(every: list[Dict], at: int) -> tuple[list[Dict], list[Dict]]:
        return every[:at], every[at:]

    @staticmethod
    def _typed(body: Dict) -> Any:  # noqa: ANN401 - any event
        kind = TYPES[body["type"]] if "type" in body else BaselineReported
        return kind.model_validate_json(json.dumps({name: value for name, value in body.items() if name != "type"}))


@pytest.mark.parametrize(
    ("place", "begins"),
    [(CATALOGUE, date(2026, 1, 1)), (LILLEVIK, date(2026, 10, 1)), (None, date(2026, 1, 1))],
    ids=["umea", "lillevik", "made-up"],
)
def test_the_projector_and_the_reference_agree_whatever_happens(
    settings: Settings, place: Path | None, begins: date
) -> None:
    asyncio.run(migrate(settings, "promises"))
    start = datetime.combine(begins, datetime.min.time(), UTC)
    machine = type("Municipality", (Machine,), {"place": place, "begins": start, "settings": settings})
    quick = bounds(
        max_examples=EXAMPLES // (4 if place else 2),
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(machine, settings=quick)
