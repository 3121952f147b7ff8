"""The events of promises, built from what the domain decided."""

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.database import UnitOfWork
from contracts.promises import (
    DeadlineApproaching,
    DeadlineMissed,
    DeadlineSettled,
    DeadlineState,
    PromiseStatusChanged,
)
from contracts.topics import DEADLINES, PROMISE_STATUS

from promises.domain.missing import missing, texts
from promises.domain.obligation import Obligation
from promises.domain.sentences import sentence
from promises.domain.standing import Standing
from promises.domain.tally import Need

NAMESPACE = uuid5(NAMESPACE_URL, "https://lofteskollen.se/")


def status_changed(work: UnitOfWork, obligation: Obligation, found: Standing, revision: int, now: datetime) -> None:
    """Say that the public standing changed."""
    event = PromiseStatusChanged(
        municipality=obligation.municipality,
        obligation=obligation.id,
        promise=obligation.promise,
        period=found.period.id,
        revision=revision,
        phase=found.phase,
        verdict=found.verdict,
        pace=found.pace,
        at_risk=found.at_risk,
        overdue=found.overdue,
        progress=f"{found.tally.progress[0]}/{found.tally.progress[1]}",
        reasons_sv=tuple(sentence(reason, "sv") for reason in found.reasons),
        reasons_en=tuple(sentence(reason, "en") for reason in found.reasons),
        changed_at=now,
    )
    say_status(work, event)


def say_status(work: UnitOfWork, event: PromiseStatusChanged) -> None:
    """Publish a standing's change; its id follows from the standing and the revision."""
    subject = f"{event.municipality}/{event.obligation}/{event.period}"
    work.publish(
        PROMISE_STATUS,
        key=event.municipality,
        event_id=str(uuid5(NAMESPACE, f"promise-status/{subject}/{event.revision}")),
        subject=subject,
        time=event.changed_at,
        data=event,
    )


@dataclass(frozen=True, slots=True)
class Speech:
    """What every event about one deadline is made of."""

    obligation: Obligation
    municipality_name: str
    period: str
    need: Need
    now: datetime

    @property
    def deadline_id(self) -> UUID:
        """The id of the deadline (municipality, obligation, period, slot, last day)."""
        thing = (*self.name, self.period, self.need.id, self.need.window.last.isoformat())
        return uuid5(NAMESPACE, "deadline/" + "/".join(thing))

    @property
    def name(self) -> tuple[str, str]:
        """Municipality and obligation."""
        return self.obligation.municipality, self.obligation.id

    def state(self, revision: int) -> DeadlineState:
        """The full state of the deadline as its events carry it."""
        obligation, need = self.obligation, self.need
        lacking = texts(missing(obligation, need))
        return DeadlineState(
            deadline_id=self.deadline_id,
            revision=revision,
            municipality=obligation.municipality,
            municipality_name=self.municipality_name,
            promise=obligation.promise,
            obligation=obligation.id,
            title_sv=obligation.title.sv,
            title_en=obligation.title.en,
            quote=obligation.quote,
            period=self.period,
            slot=need.id,
            slot_sv=need.name.sv,
            slot_en=need.name.en,
            first_day=need.window.first,
            last_day=need.window.last,
            leaflet_basis=obligation.leaflet_basis,
            owners=tuple(owner.id for owner in obligation.owners),
            awaited=need.awaited,
            reported=need.reported,
            missing_sv=tuple(item.sv for item in lacking),
            missing_en=tuple(item.en for item in lacking),
            occurred_at=self.now,
        )


def say(work: UnitOfWork, event: DeadlineApproaching | DeadlineMissed | DeadlineSettled, stage: str) -> None:
    """Publish an event of a deadline; its id follows from the deadline, the type, the stage and the revision."""
    thing = f"{event.deadline_id}/{event.TYPE}/{stage}/{event.revision}"
    work.publish(
        DEADLINES,
        key=event.municipality,
        event_id=str(uuid5(NAMESPACE, thing)),
        subject=str(event.deadline_id),
        time=event.occurred_at,
        data=event,
    )
