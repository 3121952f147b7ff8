"""Reads YAML files that people write, and points at the line of what is wrong in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from chassis.remedies import Place, remedies

Model = TypeVar("Model", bound=BaseModel)


class SourceError(Exception):
    """The file is refused whole; each line of the message names file, line and reason."""

    def __init__(self, complaints: Sequence[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = tuple(complaints)


class _Constructor(RoundTripConstructor):
    """Leaves dates to the model: what is no date would otherwise be refused without its line."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: `tree` is ruamel's, which knows its lines."""

    path: Path
    tree: Any

    def line(self, place: Place) -> int:
        """The line (from 1) of a place, or of the nearest place above it."""
        node, line = self.tree, 1
        for step in place:
            marks = getattr(node, "lc", None)
            found = None if marks is None else (marks.data or {}).get(step)
            if found is None:
                break
            line, node = found[0] + 1, node[step]
        return line

    def complaint(self, place: Place, reason: str) -> str:
        """`file:line: where: reason`."""
        where = ".".join(str(step) for step in place)
        return f"{self.path.name}:{self.line(place)}: {where + ': ' if where else ''}{reason}"


def read(path: Path) -> Source:
    """Read a YAML file.

    Raises:
        SourceError: it is not there, not UTF-8, not YAML, no mapping, or gives a key twice.
    """
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        tree = yaml.load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SourceError([f"{path.name}:{line}: {error.problem}"]) from None
    except (OSError, UnicodeDecodeError, YAMLError, ValueError) as error:
        raise SourceError([f"{path.name}:1: cannot be read: {error}"]) from None
    if not isinstance(tree, Mapping):
        raise SourceError([f"{path.name}:1: the file holds no mapping"])
    return Source(path, tree)


def validated(source: Source, model: type[Model]) -> Model:
    """The file as a model.

    Raises:
        SourceError: with a complaint for every error the model finds.
    """
    try:
        return model.model_validate(_plain(source.tree))
    except ValidationError as error:
        found = remedies(error.errors(include_url=False, include_input=False))
        raise SourceError([source.complaint(_place(source, place), reason) for place, reason in found]) from None


def _place(source: Source, location: Place) -> Place:
    """Pydantic's path without the names of union members, which are not in the file."""
    steps: list[str | int] = []
    node = source.tree
    for step in location:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            if step != location[-1]:
                continue
        steps.append(step)
    return tuple(steps)


def _plain(node: Any) -> Any:  # noqa: ANN401 - YAML is anything
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node
