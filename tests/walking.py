"""A walk through everything an API's own description says can be asked: of each answer something is true."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx

from tests.refusals import address, questions

Json = dict[str, Any]
Truth = Callable[[Json, Mapping[str, str]], bool]
More = Mapping[str, tuple[dict[str, str], ...]]


def in_both_languages(answer: Any) -> bool:  # noqa: ANN401 - JSON is anything
    """Whatever is said in Swedish is said in English too, and what is told as `sv` and `en` is not empty."""
    if isinstance(answer, list):
        return all(map(in_both_languages, answer))
    if not isinstance(answer, dict):
        return True
    names = {name[:-2] for name in answer if name in {"sv", "en"} or name.endswith(("_sv", "_en"))}
    told = [(answer.get(f"{name}sv"), answer.get(f"{name}en")) for name in names]
    filled = all(bool(sv) == bool(en) for sv, en in told) and ("" not in names or bool(answer.get("sv")))
    return filled and all(map(in_both_languages, answer.values()))


async def paths(api: httpx.AsyncClient) -> set[str]:
    """Every path that can be asked: whoever adds one says what is true of it."""
    return {path for path, _ in questions((await api.get("/openapi.json")).json())}


async def walk(api: httpx.AsyncClient, truths: Mapping[str, Truth], values: Mapping[str, str], more: More) -> int:
    """Ask every path of the truths alone and with each addition it takes; answers how many questions were asked."""
    known = dict(questions((await api.get("/openapi.json")).json()))
    count = 0
    for path, holds in truths.items():
        for added in _added(known[path], more):
            place = address(path, values, known[path], **added)
            answer = await api.get(place)
            assert answer.status_code == 200, (place, answer.status_code, answer.text)
            assert in_both_languages(answer.json()), (place, answer.text)
            assert holds(answer.json(), {**values, **added}), (place, answer.text)
            count += 1
    return count


def _added(parameters: list[dict[str, Any]], more: More) -> Iterator[dict[str, str]]:
    yield {}
    for each in parameters:
        if not each["required"]:
            yield from more[each["name"]]


def ordered(values: list[str], *, down: bool = False) -> bool:
    """Whether they rise, or fall."""
    return values == sorted(values, reverse=down)
