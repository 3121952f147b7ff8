"""A wrong correction, retraction or confirmation changes nothing."""

from collections.abc import Callable
from uuid import uuid4

import httpx

from services.activities.tests.driving import body, problem

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
ROOT = "/v1/activities"


async def test_a_correction_without_a_revision_that_can_be_read_is_refused(api: Client) -> None:
    place = f"{ROOT}/{(await api.post(ROOT, json=body())).json()['activity_id']}/corrections"
    said = {name: value for name, value in body().items() if name != "reference"}
    for if_match in ("", "*", '"x"', "-1", "1.5", '"1", "2"', "9" * 5000, "\u00b2"):
        answer = await api.post(place, json=said, headers={b"if-match": if_match.encode("latin-1")})
        assert (if_match, problem(answer)) == (if_match, (428, "missing_revision"))


DOORS = [
    ("GET", ""),
    ("GET", "/revisions"),
    ("POST", "/corrections"),
    ("PUT", "/retraction"),
    ("POST", "/confirmations"),
]


async def test_an_id_that_is_none_or_unknown_is_refused(api: Client) -> None:
    whole = {name: value for name, value in body().items() if name != "reference"}
    for method, path in DOORS:
        said = whole if path == "/corrections" else {"event_id": "x"}
        for wanted, name in ((422, "not-an-id"), (404, str(uuid4()))):
            answer = await api.request(method, f"{ROOT}/{name}{path}", json=said, headers={"if-match": "1"})
            assert (path, problem(answer)[0]) == (path, wanted)
