"""What is no unambiguous JSON is refused, and no JSON at all is answered with a fault."""

import json
from collections.abc import Callable

import httpx
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from services.activities.tests.driving import body, problem

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
ROOT = "/v1/activities"
TEXT = json.dumps(body())


NO_JSON = [
    (b"", "not JSON"),
    (b"{", "not JSON"),
    (b'{"municipality": NaN}', "NaN"),
    (b"\xff\xfe", "UTF-8"),
    (TEXT.replace('"2480"', '"2480", "municipality": "0180"').encode(), "given twice: municipality"),
    (TEXT.replace("cykel", "cykel\\u0000").encode(), "NUL"),
    (TEXT.replace("cykel", "cykel\\ud800").encode(), "UTF-8"),
    (b"[" * 100_000, "nested too deeply"),
    (b"9" * 5000, "too many digits"),
    (b"1e999", "too large"),
]


async def test_what_is_no_unambiguous_json_is_refused(api: Client) -> None:
    for raw, says in NO_JSON:
        answer = await api.post(ROOT, content=raw)
        assert (raw[:99], problem(answer)) == (raw[:99], (400, "malformed"))
        assert says in answer.json()["detail"]


async def test_json_that_is_no_report_is_refused(api: Client) -> None:
    for raw in (b"null", b'"text"', b"7", b"true", b"{}", b"[]"):
        assert (raw, problem(await api.post(ROOT, content=raw))) == (raw, (422, "invalid"))


async def test_a_huge_body_is_refused(api: Client) -> None:
    most = 2 * 1024 * 1024
    assert problem(await api.post(ROOT, content=b" " * most + b"7")) == (413, "too_large")
    assert problem(await api.post(ROOT, content=b" " * (most - 1) + b"7")) == (422, "invalid")


NAMES = st.sampled_from([*body(), "status", "kind", "themes", "quantities", "title", "occasion_key", "period", "unit"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([*body().values()][2:4]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(), inner, max_size=6),
    max_leaves=12,
)


@budget(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=JSON | st.dictionaries(NAMES, JSON).map(lambda some: body() | some))
async def test_no_json_at_all_is_answered_with_a_fault(api: Client, data: object) -> None:
    answer = await api.post(ROOT, content=json.dumps(data).encode())
    assert answer.status_code in {201, 207, 400, 403, 409, 422}, answer.text
