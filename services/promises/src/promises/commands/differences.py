"""What a load would change, as lines that a person reads."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from promises.application.preview import Preview, Turn
from promises.catalogue.diff import Difference


def lines(found: Preview) -> Iterator[str]:
    """One line for every difference of the catalogue, then one for every standing that changes."""
    yield from (_difference(each) for each in found.differences)
    yield from (_turn(each) for each in found.standings)


def _difference(each: Difference) -> str:
    names = dict.fromkeys((each.promise, each.obligation))
    where = " ".join(filter(None, (*names, each.valid_from and f"({each.valid_from})")))
    what = f"{where or 'catalogue'}: {each.parameter}" if each.parameter else where
    return f"{each.change:8} {what}{_values(each)}"


def _values(each: Difference) -> str:
    told = [_text(value) for value in (each.old, each.new) if value is not None]
    return f" {' → '.join(told)}" if told else ""


def _text(value: Any) -> str:  # noqa: ANN401 - JSON is anything
    if isinstance(value, Mapping) and "basis" in value:
        rest = {name: each for name, each in value.items() if name != "basis"}
        inner = rest["value"] if rest.keys() == {"value"} else rest
        return f"{_text(inner)} ({value['basis']})"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _turn(each: Turn) -> str:
    where = f"standing {each.obligation} {each.period}:"
    if each.old is None or each.new is None:
        return f"{where} {'begins' if each.old is None else 'ends'}"
    pairs = (f"{name} {_text(value)} → {_text(each.new[name])}" for name, value in each.old.items())
    return f"{where} {', '.join(pairs)}"
