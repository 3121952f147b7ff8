"""What every refusal owes its reader, and every wrong question that an API's own description lets one think of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

Wrong = Mapping[str, Sequence[str]]


def refusal(answer: httpx.Response) -> tuple[int, str, set[str]]:
    """Status, code and fields of a refusal: a problem that names each field and says what to mend."""
    assert 400 <= answer.status_code < 500, (str(answer.request.url), answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    said = answer.json()
    assert (said["status"], bool(said["detail"])) == (answer.status_code, True), answer.text
    assert said["errors"], answer.text
    assert all(each["field"] and len(each["reason"].split()) > 1 for each in said["errors"]), answer.text
    return answer.status_code, said["code"], {each["field"] for each in said["errors"]}


def questions(description: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every path that is asked with GET, and its parameters."""
    for path, methods in description["paths"].items():
        if "get" in methods:
            yield path, methods["get"].get("parameters", [])


def address(path: str, values: Mapping[str, str], parameters: Sequence[Mapping[str, Any]], **changes: str) -> str:
    """The path with what it needs: good values, but for the changes."""
    named = {each["name"]: each["in"] for each in parameters}
    asked = {each["name"]: values[each["name"]] for each in parameters if each["required"]} | changes
    for name in [name for name in asked if named.get(name) == "path"]:
        path = path.replace("{%s}" % name, quote(asked.pop(name), safe=""))  # noqa: UP031 - braces within braces
    return path + ("?" if asked else "") + "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())


def wrong(description: Mapping[str, Any], values: Mapping[str, str], odd: Wrong) -> Iterator[tuple[str, str, str]]:
    """Every path once for each wrong value of each parameter; with the address, the parameter and the value.

    A parameter without wrong values is a KeyError: whoever adds one adds what is wrong.
    """
    for path, parameters in questions(description):
        for each in parameters:
            if each["in"] == "header":
                continue
            for value in odd[each["name"]]:
                if each["in"] == "path" and not value:
                    continue  # that is another path
                yield address(path, values, parameters, **{each["name"]: value}), each["name"], value
