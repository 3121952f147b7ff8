"""The recipients file: read whole or refused with line and reason, and read again when it changes."""

import logging
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from contracts.model import MunicipalityCode, Slug
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from notifications.domain.book import Book
from notifications.domain.letter import clean
from notifications.domain.recipient import Language, Recipient, mailbox

log = logging.getLogger(__name__)


def _one_line(text: str) -> str:
    if text != clean(text) or not text:
        raise ValueError("must be one line of printable text without surrounding spaces")
    return text


Name = Annotated[str, Field(max_length=120), AfterValidator(_one_line)]


class RecipientsError(ValueError):
    """The file is refused whole; every line of the message names file, line and reason, never an address."""


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
        RecipientsError: it is not there, no YAML, or holds something wrong.
    """
    try:
        tree = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RecipientsError(f"{path.name}:{line}: {error.problem}") from None
    except (OSError, UnicodeDecodeError, YAMLError, ValueError) as error:
        raise RecipientsError(f"{path.name}:1: cannot be read: {type(error).__name__}") from None
    try:
        document = _Document.model_validate(_plain(tree))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise RecipientsError("\n".join(_complaint(path, tree, item["loc"], item["msg"]) for item in found)) from None
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
            except RecipientsError as error:
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


def _plain(node: Any) -> Any:  # noqa: ANN401 - YAML is anything
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node


def _complaint(path: Path, tree: Any, place: tuple[str | int, ...], reason: str) -> str:  # noqa: ANN401
    """`file:line: where: reason`, the line being that of the nearest part that is there."""
    node, line = tree, 1
    for step in place:
        marks = getattr(node, "lc", None)
        found = (marks.data or {}).get(step) if marks is not None else None
        if found is None:
            break
        line, node = found[0] + 1, node[step]
    where = ".".join(str(step) for step in place)
    return f"{path.name}:{line}: {where + ': ' if where else ''}{reason.removeprefix('Value error, ')}"
