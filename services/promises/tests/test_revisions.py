"""What changed from one loaded catalogue to another, asked over HTTP."""

from datetime import date

import httpx
import pytest

from services.promises.tests.driving import Projector
from services.promises.tests.promising import moment

PATH = "/v1/municipalities/2480/catalogue"


@pytest.fixture
async def twice(projector: Projector) -> Projector:
    """Loaded, and loaded again with promises that begin in February."""
    projector.clock.moment = moment("2026-01-10")
    await projector.load()
    projector.clock.moment = moment("2026-01-20")
    await projector.load(valid_from=date(2026, 2, 1))
    return projector


@pytest.mark.usefixtures("twice")
async def test_the_newest_revision_is_compared_with_the_one_before_unless_told_otherwise(
    api: httpx.AsyncClient,
) -> None:
    newest = (await api.get(f"{PATH}/diff")).raise_for_status().json()
    assert (newest["from"], newest["to"]) == (1, 2)
    assert {(each["change"], each["parameter"]) for each in newest["differences"]} == {("changed", "validity")}
    [one] = [each for each in newest["differences"] if each["promise"] == "cykel-gang"]
    assert (one["old"]["from"], one["new"]["from"], one["new"]["basis"]) == ("2026-01-01", "2026-02-01", "operator")
    back = (await api.get(f"{PATH}/diff?from=2&to=1")).raise_for_status().json()
    assert [each["old"] for each in back["differences"]] == [each["new"] for each in newest["differences"]]
    assert (await api.get(f"{PATH}/diff?from=2&to=2")).json()["differences"] == []


@pytest.mark.usefixtures("twice")
async def test_before_the_first_revision_there_was_nothing(api: httpx.AsyncClient) -> None:
    for query in ("?to=1", "?from=0&to=1"):
        first = (await api.get(f"{PATH}/diff{query}")).raise_for_status().json()
        assert (first["from"], {each["change"] for each in first["differences"]}) == (0, {"added"})


@pytest.mark.usefixtures("twice")
async def test_the_revisions_are_listed_with_the_time_they_came_into_force(api: httpx.AsyncClient) -> None:
    shown = (await api.get(PATH)).raise_for_status().json()
    assert [(each["revision"], each["loaded_at"][:10]) for each in shown["revisions"]] == [
        (2, "2026-01-19"),
        (1, "2026-01-09"),
    ]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("?to=9", 404, "to"),
        ("?from=9", 404, "from"),
        ("?to=0", 422, "to"),
        ("?from=-1", 422, "from"),
        ("?from=first", 422, "from"),
        ("?to=99999999999", 422, "to"),
    ],
)
@pytest.mark.usefixtures("twice")
async def test_a_revision_that_is_not_there_is_refused_by_its_field(
    api: httpx.AsyncClient, query: str, status: int, field: str
) -> None:
    answer = await api.get(f"{PATH}/diff{query}")
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (status, [field])
