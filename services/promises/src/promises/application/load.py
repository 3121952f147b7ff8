"""Loads a checked catalogue: a new revision, its promises published, its obligations marked for all days."""

from datetime import datetime
from typing import NamedTuple
from uuid import uuid5

from chassis.database import Database, UnitOfWork
from contracts.promises import PromisePublished, PromiseWithdrawn
from contracts.topics import PROMISES

from promises.application.events import NAMESPACE
from promises.catalogue import mapping, publishing
from promises.catalogue.model import Catalogue, Organisations
from promises.store import catalogues, dirty
from promises.store.catalogues import Revision


class Loaded(NamedTuple):
    """What a load did; `changed` is False when the same content was in force already."""

    revision: int
    changed: bool
    promises: int
    obligations: int


async def load(database: Database, catalogue: Catalogue, organisations: Organisations, now: datetime) -> Loaded:
    """Put a catalogue in force; the same content twice changes nothing."""
    stored = mapping.document(catalogue, organisations)
    sha256 = mapping.fingerprint(stored)
    found = tuple(len(list(p.obligations)) for p in catalogue.promises)
    async with database.transaction() as work:
        await catalogues.lock(work.sql, catalogue.municipality)
        before = await catalogues.latest(work.sql, catalogue.municipality)
        if before and before.sha256 == sha256:
            return Loaded(before.revision, changed=False, promises=len(found), obligations=sum(found))
        revision = before.revision + 1 if before else 1
        await catalogues.add(work.sql, catalogue.municipality, Revision(revision, sha256, stored), now)
        publish(work, catalogue, before, revision, now)
        names = {
            *mapping.promised(stored).obligations,
            *(mapping.promised(before.document).obligations if before else ()),
        }
        await dirty.mark_all_days(work.sql, [(catalogue.municipality, name) for name in sorted(names)])
    return Loaded(revision, changed=True, promises=len(found), obligations=sum(found))


def publish(work: UnitOfWork, catalogue: Catalogue, before: Revision | None, revision: int, now: datetime) -> None:
    """Say every promise of a catalogue revision, and of the one before it those that are gone."""
    published = list(publishing.published(catalogue, revision))
    kept = {promise.promise for promise in published}
    previous = publishing.published(Catalogue.model_validate(before.document["catalogue"]), revision) if before else ()
    gone = [PromiseWithdrawn(**p.model_dump()) for p in previous if p.promise not in kept]
    promises: list[PromisePublished | PromiseWithdrawn] = [*published, *gone]
    for promise in promises:
        say(work, promise, now)


def say(work: UnitOfWork, promise: PromisePublished | PromiseWithdrawn, now: datetime) -> None:
    """Say one promise; its event id follows from the promise and the revision."""
    subject = f"{promise.municipality}/{promise.promise}"
    work.publish(
        PROMISES,
        key=promise.municipality,
        event_id=str(uuid5(NAMESPACE, f"promise/{subject}/{promise.revision}")),
        subject=subject,
        time=now,
        data=promise,
    )
