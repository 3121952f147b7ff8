"""What would change from one catalogue to another: promises, obligations and parameters, each told by name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Document = Mapping[str, Any]
Tree = Mapping[str, Any]
NOTHING: Tree = {}


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that was added, changed or removed.

    `promise` and `obligation` are ids, empty for what belongs to the whole catalogue or the whole promise, and
    `valid_from` tells the versions of a promise apart. `parameter` is a dotted path as in the file, with ids for
    places in lists, and empty where a whole promise or obligation came or went. `old` and `new` are JSON values,
    a parameter with its basis; None where there is none.
    """

    change: Literal["added", "changed", "removed"]
    promise: str
    obligation: str
    valid_from: str
    parameter: str
    old: Any = None
    new: Any = None


def diff(before: Document | None, after: Document) -> list[Difference]:
    """Every difference between two stored revisions; before the first one there was nothing."""
    old = before or {"catalogue": NOTHING}
    found = list(_parameters("", "", "", _general(old), _general(after)))
    for promise, valid_from, was, becomes in _paired(old["catalogue"], after["catalogue"]):
        found += _promise(promise, valid_from, was, becomes)
    return found


def _general(document: Document) -> Tree:
    own = {name: value for name, value in document["catalogue"].items() if name != "promises"}
    return own | {name: value for name, value in document.items() if name == "organisations"}


def _paired(before: Tree, after: Tree) -> Iterator[tuple[str, str, Tree, Tree]]:
    """The versions of each promise side by side: by their first day, or as they are where there is one of each."""
    old, new = _versions(before.get("promises", ())), _versions(after["promises"])
    for promise in dict.fromkeys((*old, *new)):
        was, becomes = old.get(promise, {}), new.get(promise, {})
        if len(was) == len(becomes) == 1:
            [[valid_from, only]] = becomes.items()
            yield promise, valid_from, next(iter(was.values())), only
            continue
        for valid_from in sorted({*was, *becomes}):
            yield promise, valid_from, was.get(valid_from, NOTHING), becomes.get(valid_from, NOTHING)


def _versions(promises: Iterable[Tree]) -> dict[str, dict[str, Tree]]:
    found: dict[str, dict[str, Tree]] = {}
    for promise in promises:
        found.setdefault(promise["id"], {})[promise["validity"]["from"]] = promise
    return found


def _promise(promise: str, valid_from: str, was: Tree, becomes: Tree) -> Iterator[Difference]:
    if not was or not becomes:
        yield Difference("added" if becomes else "removed", promise, "", valid_from, "")
    else:
        own = ({name: value for name, value in each.items() if name != "obligations"} for each in (was, becomes))
        yield from _parameters(promise, "", valid_from, *own)
    old, new = (_by_id(each.get("obligations", ())) for each in (was, becomes))
    for name in dict.fromkeys((*old, *new)):
        if name in old and name in new:
            yield from _parameters(promise, name, valid_from, old[name], new[name])
        else:
            yield Difference("added" if name in new else "removed", promise, name, valid_from, "")


def _parameters(promise: str, obligation: str, valid_from: str, was: Tree, becomes: Tree) -> Iterator[Difference]:
    old, new = dict(_leaves("", was)), dict(_leaves("", becomes))
    for path in dict.fromkeys((*old, *new)):
        if old.get(path) != new.get(path):
            change: Literal["added", "changed", "removed"] = "changed"
            if path not in old or path not in new:
                change = "added" if path in new else "removed"
            yield Difference(change, promise, obligation, valid_from, path, old.get(path), new.get(path))


def _leaves(path: str, node: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON is anything
    """Each parameter with its path; one that has a basis is one parameter."""
    if isinstance(node, list) and node and all(isinstance(each, Mapping) and "id" in each for each in node):
        node = _by_id(node)
    if not isinstance(node, Mapping) or "basis" in node:
        yield path, node
        return
    for name, value in node.items():
        yield from _leaves(f"{path}.{name}" if path else name, value)


def _by_id(entries: Iterable[Tree]) -> dict[str, Tree]:
    return {entry["id"]: entry for entry in entries}
