"""Answers questions about standings; who may see the internal ones is decided from the catalogue."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime

from chassis.database import Connection, Database
from chassis.remedies import hint
from contracts.model import rfc3339

from promises.catalogue import mapping
from promises.catalogue.mapping import Promised
from promises.domain.obligation import Obligation
from promises.domain.visibility import Audience
from promises.store import catalogues
from promises.views import View


class RefusedError(Exception):
    """A question without an answer: `field` names what to mend, the sentence says how."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class UnknownError(RefusedError):
    """There is no such municipality, obligation or period here."""


class WrongError(RefusedError):
    """The question cannot be answered as it was put; the sentence says what to mend."""


class NotYoursError(RefusedError):
    """The internal standing is for the organisations that the catalogue names."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which municipality is asked about, by which organisation, for which audience, and when."""

    code: str
    caller: str
    audience: Audience
    now: datetime


@dataclass(frozen=True, slots=True)
class Sight:
    """What a question sees: one consistent state of the database, and the catalogue in force in it."""

    asked: Question
    sql: Connection
    revision: int
    document: View

    @property
    def promised(self) -> Promised:
        """The catalogue as it is judged."""
        return mapping.promised(self.document)

    def entry(self, name: str, day: date) -> tuple[View, View]:
        """The catalogue's promise and obligation of this id, in the version valid on a day or last before it.

        Raises:
            UnknownError: there is none.
        """
        found = {
            valid_from(promise, entry): (promise, entry)
            for promise in self.document["catalogue"]["promises"]
            for entry in promise["obligations"]
            if entry["id"] == name
        }
        if not found:
            raise self._unknown(name)
        return found[max((first for first in found if first <= day), default=min(found))]

    def obligation(self, name: str) -> Obligation:
        """The obligation as it is judged.

        Raises:
            UnknownError: there is none.
        """
        found = self.promised.obligations.get(name)
        if found is None:
            raise self._unknown(name)
        return found

    def _unknown(self, name: str) -> UnknownError:
        known = hint(name, self.promised.obligations)
        return UnknownError("name", f"municipality {self.asked.code} has no obligation {name}; {known}")

    @property
    def head(self) -> View:
        """What every answer begins with."""
        return {
            "municipality": self.document["catalogue"]["municipality"],
            "name": self.document["catalogue"]["name"],
            "catalogue_revision": self.revision,
            "audience": self.asked.audience,
            "now": rfc3339(self.asked.now),
            "organisations": self.document["organisations"],
        }


def valid_from(promise: View, entry: View) -> date:
    """The first day of a version: the obligation's own, or its promise's."""
    return date.fromisoformat((entry.get("validity") or promise["validity"])["from"])


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Connection]:
    """One consistent state of the database."""
    async with database.pool.acquire() as sql, sql.transaction(isolation="repeatable_read", readonly=True):
        yield sql


@asynccontextmanager
async def sight(database: Database, asked: Question) -> AsyncIterator[Sight]:
    """What the question sees; refused as `look` does."""
    async with snapshot(database) as sql:
        yield await look(sql, asked)


async def look(sql: Connection, asked: Question) -> Sight:
    """What the question sees.

    Raises:
        UnknownError: no catalogue is loaded for the code.
        NotYoursError: the internal view, asked for by an organisation that the catalogue does not name.
    """
    stored = await catalogues.latest(sql, asked.code)
    if stored is None:
        raise UnknownError("code", f"no catalogue is loaded for municipality {asked.code}")
    named = {entry["id"] for entry in stored.document["organisations"]}
    if asked.audience == "internal" and asked.caller not in named:
        raise NotYoursError("audience", f"{asked.caller} has no part in the promises of {asked.code}; ask for public")
    return Sight(asked, sql, stored.revision, stored.document)
