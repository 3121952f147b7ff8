"""The recipients file: read whole or refused with line and reason, and read again when it changes."""

import logging
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from chassis.sources import SourceError, validated
from contracts.model import MunicipalityCode, Slug
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chassis import sources
from notifications.domain.book import Book
from notifications.domain.letter import clean
from notifications.domain.recipient import Language, Recipient, mailbox

log = logging.getLogger(__name__)
_ADDRESS = re.compile(r"""[^\s"':]+@[^\s"':]+""")


def _one_line(text: str) -> str:
    if text != clean(text) or not text:
        raise ValueError("must be one line of printable text without surrounding spaces")
    return text


Name = Annotated[str, Field(max_length=120), AfterValidator(_one_line)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Names(_Closed):
    sv: Name
    en: Name


class _Entry(_Closed):
    organisation: Slug
    role: Literal["owner", "manager"]
    name: Name
    address: Annotated[str, AfterValidator(mailbox)]
    language: Language = "sv"
    municipalities: frozenset[MunicipalityCode] = frozenset()
    valid_from: date = date.min
    valid_to: date = date.max

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self


class _Document(_Closed):
    organisations: dict[Slug, _Names] = Field(default_factory=dict)
    recipients: tuple[_Entry, ...]


def read(path: Path) -> Book:
    """The book that a file holds.

    Raises:
        SourceError: it is not there, no YAML, or holds something wrong; the message never repeats an address.
    """
    try:
        document = validated(sources.read(path), _Document)
    except SourceError as error:
        raise SourceError([_ADDRESS.sub("(an address)", complaint) for complaint in error.complaints]) from None
    return Book(
        tuple(Recipient(**entry.model_dump()) for entry in document.recipients),
        {name: {"sv": names.sv, "en": names.en} for name, names in document.organisations.items()},
    )


class Recipients:
    """Follows the file; a wrong change is logged once and the last good book stays in force."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = self._stamp_now()
        self._book = read(path)

    def book(self) -> Book:
        """The recipients in force."""
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._book = read(self._path)
            except SourceError as error:
                log.error("recipients refused", extra={"detail": str(error)})  # noqa: TRY400 - the sentence says it all
            else:
                log.info("recipients read", extra={"entries": len(self._book.recipients)})
        return self._book

    def _stamp_now(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return (status.st_mtime_ns, status.st_ino, status.st_size)
