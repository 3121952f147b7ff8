"""The semantics and settled readings that are decided where a report comes in.

Beside them, under their numbers too: corrections (4.8, 7.14) in `test_changes`, the day that counts (7.8, 7.12, 7.17)
in `test_activity`, personal data (4.20) in `test_personal_doors`, disposal in `test_disposal`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from activities.domain.commands import Accepted

from services.activities.tests.driving import NOW, POLICE, TOWN, Service, body, command, content, problem, report
from services.activities.tests.sending import House

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
ROOT = "/v1/activities"
LIST = f"{ROOT}?municipality=2480"


async def told(api: Client, **changes: Any) -> str:  # noqa: ANN401
    """Where a report is to be read once it is accepted."""
    answer = await api.post(ROOT, json=body(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def test_4_1_when_it_occurred_and_when_it_was_logged_are_both_kept(api: Client, service: Service) -> None:
    service.clock.moment = NOW + timedelta(days=60)
    shown = (await api.get(await told(api, occurred_at="2026-11-09T08:30:00+01:00"))).json()
    assert (shown["occurred_at"], shown["recorded_at"]) == ("2026-11-09T07:30:00Z", "2027-01-09T09:00:00Z")
    [event] = await service.said()
    assert (event["occurred_at"], event["recorded_at"]) == (shown["occurred_at"], shown["recorded_at"])


@pytest.mark.parametrize("field", ["occurred_at", "ended_at"])
async def test_4_2_a_time_without_its_offset_from_utc_is_refused(api: Client, service: Service, field: str) -> None:
    answer = await api.post(ROOT, json=body(**{field: "2026-11-09T08:30:00"}))
    assert problem(answer) == (422, "invalid")
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert "no offset from UTC" in answer.json()["errors"][0]["reason"]
    assert await service.left() == [0, 0, 0, 0]


async def test_4_2_a_time_without_its_offset_is_refused_on_kafka_as_well(opened: House) -> None:
    await opened.report("1", "r", occurred_at="2026-11-09T08:30:00")
    [(reason, detail)] = await opened.letters(1)
    assert (reason, "occurred_at" in detail, "no offset" in detail) == ("invalid", True, True)


async def test_4_4_whoever_logs_it_names_every_obligation_it_serves(api: Client) -> None:
    answer = await api.post(ROOT, json={name: value for name, value in body().items() if name != "obligations"})
    assert (problem(answer), answer.json()["errors"][0]["field"]) == ((422, "invalid"), "obligations")
    shown = (await api.get(await told(api, obligations=["cykel-gang", "trafik-ak4"]))).json()
    assert shown["obligations"] == ["cykel-gang", "trafik-ak4"]


async def test_4_18_who_carried_it_out_is_kept_as_it_was_said_and_asked_of_nobody(api: Client) -> None:
    by_others = (await api.get(await told(api, performed_by="NTF Västerbotten"))).json()
    assert (by_others["performed_by"], by_others["organisation"]) == ("NTF Västerbotten", TOWN)
    assert "performed_by" not in (await api.get(await told(api))).json()


async def test_4_20_no_door_deletes(api: Client) -> None:
    paths = (await api.get("/openapi.json")).json()["paths"]
    methods = {method for path in paths.values() for method in path}
    assert methods == {"get", "post", "put"}


async def test_4_20_whatever_is_asked_no_revision_and_no_answer_is_lost(service: Service) -> None:
    kept = await service.accepted(report())
    rows = "SELECT activity_id, revision, state FROM activity_revision ORDER BY recorded_at, revision"
    first = await service.rows(rows)
    await service.accepted(command("correct", about=kept, content=content(title="Rättad"), expected=1))
    await service.accepted(command("retract", about=kept))
    assert (await service.rows(rows))[: len(first)] == first
    assert await service.revisions() == [("log", 1), ("correct", 2), ("retract", 3)]


async def test_7_12_the_first_report_makes_the_key_and_the_partner_chooses_it_from_a_list(
    api: Client, bearer: As
) -> None:
    await told(api, occasion_key="2026-11-09/reflex")
    [seen] = (await api.get(LIST, headers=bearer(POLICE))).json()["activities"]
    answer = await api.post(ROOT, json=body(occasion_key=seen["occasion_key"]), headers=bearer(POLICE))
    assert answer.status_code == 201
    keys = {each["organisation"]: each["occasion_key"] for each in (await api.get(LIST)).json()["activities"]}
    assert keys == {TOWN: "2026-11-09/reflex", POLICE: "2026-11-09/reflex"}


async def test_7_12_a_key_is_never_guessed(api: Client, bearer: As) -> None:
    same: dict[str, Any] = {"occurred_at": "2026-11-09T08:30:00+01:00", "themes": ["reflector"], "title": "Reflexer"}
    for who in (TOWN, POLICE):
        assert (await api.post(ROOT, json=body(**same), headers=bearer(who))).status_code == 201
    assert not any("occasion_key" in each for each in (await api.get(LIST)).json()["activities"])


async def test_7_14_a_reference_is_unique_within_organisation_and_source_and_no_wider(service: Service) -> None:
    both = await service.take(report("e1", reference="r"), report("e2", by=POLICE, reference="r"))
    assert len({each.activity_id for each in both if isinstance(each, Accepted)}) == 2
    mended = await service.accepted(command("correct", about="r", content=content(title="Rättad")))
    own = both[0]
    assert isinstance(own, Accepted)
    assert (mended.activity_id, mended.revision) == (own.activity_id, 2)


async def test_7_14_a_confirmation_survives_a_correction_of_the_words_alone(api: Client, bearer: As) -> None:
    place = await told(api)
    await api.post(f"{place}/confirmations", json={"event_id": "k"}, headers=bearer(POLICE))
    said = {name: value for name, value in body(title="Rättad").items() if name != "reference"}
    await api.post(f"{place}/corrections", json=said, headers={"if-match": "2"})
    assert (await api.get(place)).json()["confirmed_by"] == [POLICE]
    moved = said | {"event_id": "m", "occurred_at": "2026-11-08T08:30:00+01:00"}
    await api.post(f"{place}/corrections", json=moved, headers={"if-match": "3"})
    assert (await api.get(place)).json()["confirmed_by"] == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"occurred_at": "2026-11-10T09:05:01Z"}, "done_in_future", "occurred_at"),
        ({"quantities": {"pupils_offered": -1}}, "invalid", "quantities.pupils_offered"),
    ],
)
async def test_7_17_what_is_done_in_the_future_or_negative_is_refused(
    api: Client, service: Service, changes: dict[str, Any], code: str, field: str
) -> None:
    answer = await api.post(ROOT, json=body(**changes))
    assert (problem(answer), answer.json()["errors"][0]["field"]) == ((422, code), field)
    assert await service.left() == [0, 0, 0, 0]


async def test_7_17_the_start_decides_the_day_and_the_end_is_for_show(api: Client) -> None:
    place = await told(api, occurred_at="2026-11-08T22:30:00Z", ended_at="2026-11-09T01:30:00Z")
    shown = (await api.get(place)).json()
    assert (shown["counted_on"], shown["ended_at"]) == ("2026-11-08", "2026-11-09T01:30:00Z")
