"""A wrong report is refused whole, naming field and remedy; nothing is half-applied."""

from collections.abc import Callable
from typing import Any

import httpx

from services.activities.tests.driving import STRANGER, TOWN, Service, body, problem

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
ROOT = "/v1/activities"


WRONG_REPORTS: list[tuple[dict[str, Any], tuple[int, str], str, str]] = [
    ({"obligations": ["cykel-gag"]}, (422, "unknown_obligation"), "obligations.0", "near are cykel-gang"),
    ({"themes": ["reflex"]}, (422, "unknown_theme"), "themes.0", "reflector"),
    ({"audiences": ["cyklist"]}, (422, "unknown_audience"), "audiences.0", "cyclist"),
    ({"municipality": "2481"}, (422, "unknown_municipality"), "municipality", "2480"),
    ({"obligations": ["tillganglig-polis"]}, (403, "foreign_authority"), "obligations.0", TOWN),
    ({"occurred_at": "2026-11-09T08:30:00"}, (422, "invalid"), "occurred_at", "no offset"),
    ({"occurred_at": "2026-11-09"}, (422, "invalid"), "occurred_at", "offset"),
    ({"occurred_at": 1_790_000_000}, (422, "invalid"), "occurred_at", "RFC 3339"),
    ({"occurred_at": "9999-12-31T23:59:59Z"}, (422, "invalid"), "occurred_at", "1900 to 2199"),
    ({"occurred_at": "2026-11-10T09:05:01Z"}, (422, "done_in_future"), "occurred_at", "planned"),
    ({"ended_at": "2026-11-09T07:00:00Z"}, (422, "invalid"), "ended_at", "before occurred_at"),
    ({"occasion_key": "2026-11-13/reflex"}, (422, "wrong_occasion_day"), "occasion_key", "3 days"),
    ({"occasion_key": "2026-02-30/reflex"}, (422, "wrong_occasion_day"), "occasion_key", "does not exist"),
    ({"period": "2026"}, (422, "period_not_asked"), "period", "coverage"),
    ({"quantities": {"pupils": -1}}, (422, "invalid"), "quantities.pupils", "at least 0"),
    ({"quantities": {"pupils": 10**18}}, (422, "invalid"), "quantities.pupils", "1000000"),
    ({"obligations": []}, (422, "invalid"), "obligations", "at least 1"),
    ({"obligations": ["Cykel Gang"]}, (422, "invalid"), "obligations.0", "write it as umea-kommun"),
    ({"themes": "reflector"}, (422, "invalid"), "themes", "give a list"),
    ({"period": "2026-T9"}, (422, "invalid"), "period", "2026-T1"),
    ({"performed_by": "  "}, (422, "invalid"), "performed_by", "leave it out"),
    ({"status": "retracted"}, (422, "invalid"), "status", "planned"),
    ({"event_id": "  "}, (422, "invalid"), "event_id", "at least 1"),
    ({"reference": "r" * 201}, (422, "invalid"), "reference", "at most 200"),
    ({"titel": "felstavat"}, (422, "invalid"), "titel", "leave it out"),
    ({"municipality": 2480}, (422, "invalid"), "municipality", "in quotes"),
]


async def test_a_wrong_report_is_told_what_to_mend(api: Client, service: Service) -> None:
    for changes, expected, field, hint in WRONG_REPORTS:
        answer = await api.post(ROOT, json=body(**changes))
        assert (changes, problem(answer)) == (changes, expected)
        [error] = answer.json()["errors"]
        assert error["field"] == field
        assert hint in error["reason"], error
        [item] = (await api.post(ROOT, json=[body(**changes)])).json()["items"]
        assert (item["status"], item["problem"]["errors"]) == (expected[0], [error])
    assert await service.left() == [0, 0, 0, 0]


async def test_an_organisation_that_no_obligation_names_is_refused(api: Client, bearer: As) -> None:
    assert problem(await api.post(ROOT, json=body(), headers=bearer(STRANGER))) == (403, "foreign_authority")


async def test_other_content_under_a_known_id_is_a_conflict(api: Client, service: Service) -> None:
    said = body()
    assert (await api.post(ROOT, json=said)).status_code == 201
    assert problem(await api.post(ROOT, json=said | {"title": "Annan"})) == (409, "other_content")
    assert problem(await api.post(ROOT, json=said | {"event_id": "another"})) == (409, "reference_taken")
    assert await service.left() == [1, 1, 1, 1]


async def test_a_list_holds_at_most_a_thousand(api: Client, service: Service) -> None:
    assert problem(await api.post(ROOT, json=[{}] * 1001)) == (422, "invalid")
    assert (await api.post(ROOT, json=[{}] * 1000)).status_code == 207
    assert await service.left() == [0, 0, 0, 0]
