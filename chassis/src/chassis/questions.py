"""A question is refused when it names a parameter that nobody reads: a misspelt one would be passed over in silence."""

from difflib import get_close_matches

from fastapi import FastAPI, Request

from chassis.problems import ProblemError, plain


async def known(request: Request) -> None:
    """For the `dependencies` of an app: every parameter of the query is one that the path declares, given once.

    Raises:
        ProblemError: 422, with every parameter that is not.
    """
    if not request.query_params:
        return
    declared = _declared(request)
    given = [name for name, _ in request.query_params.multi_items()]
    found = [{"field": plain(name), "reason": _unknown(name, declared)} for name in given if name not in declared]
    twice = [name for name in declared if given.count(name) > 1]
    found += [{"field": name, "reason": "it is given twice; give it once"} for name in twice]
    if found:
        raise ProblemError(422, "invalid", f"{found[0]['field']}: {found[0]['reason']}", found)


def _declared(request: Request) -> list[str]:
    """What the description of the API says of this path; it is made once."""
    app: FastAPI = request.app
    asked = app.openapi()["paths"][request.scope["route"].path_format][request.method.lower()]
    return sorted(each["name"] for each in asked.get("parameters", ()) if each["in"] == "query")


def _unknown(name: str, declared: list[str]) -> str:
    near = get_close_matches(name, declared, n=1)
    asked = f"near is {near[0]}" if near else f"it takes {', '.join(declared)}" if declared else "it takes none"
    return f"this path has no such parameter; {asked}"
