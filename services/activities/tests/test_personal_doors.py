"""Personal data that is sent is refused at both doors, and what was sent is repeated nowhere."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from activities.domain.personal import check_names, check_texts
from activities.domain.refusal import RefusalError

from services.activities.tests.driving import Service, body, command, content, problem, report
from services.activities.tests.sending import House, said

Client = httpx.AsyncClient
NUMBER = "850314-1234"
TEXTS = ("title", "performed_by", "unit")


def change(**more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {name: value for name, value in body(**more).items() if name != "reference"}


async def nowhere(service: Service, secret: str = NUMBER) -> None:
    """No table of the service holds the secret, in any column."""
    tables = await service.rows("SELECT relname FROM pg_stat_user_tables")
    for name in (row["relname"] for row in tables):
        rows = await service.rows(f"SELECT * FROM {name}")  # noqa: S608
        assert secret not in str([tuple(row) for row in rows]), name


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        *(({name: f"Anna {NUMBER}"}, name) for name in TEXTS),
        ({"occasion_key": f"2026-11-09/anna-{NUMBER}"}, "occasion_key"),
        ({"reference": NUMBER}, "reference"),
        ({"event_id": f"x/{NUMBER}"}, "event_id"),
    ],
)
async def test_4_20_a_report_names_the_field_and_the_kind(
    api: Client, service: Service, caplog: pytest.LogCaptureFixture, changes: dict[str, str], field: str
) -> None:
    answer = await api.post("/v1/activities", json=body(**changes))
    assert problem(answer) == (422, "personal_data")
    assert answer.json()["errors"][0]["field"] == field
    assert "personal identity number" in answer.json()["detail"]
    shown = await api.get("/v1/refusals")
    assert shown.json()["refusals"][0]["code"] == "personal_data"
    assert field in shown.json()["refusals"][0]["detail"]
    assert NUMBER not in answer.text + shown.text + caplog.text
    assert await service.left() == [0, 0, 0, 0]
    await nowhere(service)


def test_the_refusal_names_the_field_and_the_kind_and_does_not_repeat_the_text() -> None:
    with pytest.raises(RefusalError) as found:
        check_texts([("title", "Reflexer"), ("unit", None), ("units.1", "Anna 850314-1234")])
    assert (found.value.code, found.value.field) == ("personal_data", "units.1")
    assert "a personal identity number" in found.value.detail
    assert "8503" not in str(vars(found.value)) + str(found.value)
    with pytest.raises(RefusalError) as name:
        check_names([("reference", "ref-1"), ("event_id", "anna@umea.se")])
    assert name.value.field == "event_id"
    assert "anna" not in str(vars(name.value))


async def test_4_20_the_names_of_units_are_told_apart_by_their_place(api: Client, service: Service) -> None:
    said_now = {"event_id": "b", "municipality": "2480", "obligation": "trafik-ak4", "period": "2026/27"}
    units = {"Ersboda": 28, f"Anna {NUMBER}": 1}
    answer = await api.post("/v1/baselines", json=said_now | {"quantity": "pupils_offered", "units": units})
    assert (problem(answer), answer.json()["errors"][0]["field"]) == ((422, "personal_data"), "units.1")
    assert NUMBER not in answer.text
    await nowhere(service)


@pytest.mark.parametrize("where", [{"units": {NUMBER: -1}}, {"units": {NUMBER: 1}, "total": 2}, {NUMBER: 1}])
async def test_a_name_in_a_malformed_body_is_not_repeated_either(api: Client, where: dict[str, Any]) -> None:
    said_now = {"event_id": "b", "municipality": "2480", "obligation": "trafik-ak4", "period": "2026/27"}
    answer = await api.post("/v1/baselines", json=said_now | {"quantity": "pupils_offered"} | where)
    assert problem(answer) == (422, "invalid")
    assert NUMBER not in answer.text


async def test_an_unknown_word_is_not_repeated(api: Client, service: Service) -> None:
    for changes in ({"obligations": [f"x-{NUMBER}"]}, {"themes": ["x_8503141239"]}, {"audiences": ["a_0701234567"]}):
        answer = await api.post("/v1/activities", json=body(**changes))
        assert answer.status_code == 422
        assert not any(secret in answer.text for secret in (NUMBER, "8503141239", "0701234567"))
    await nowhere(service)


async def test_4_20_corrections_and_retractions_are_asked_too(api: Client, service: Service) -> None:
    made = (await api.post("/v1/activities", json=body())).json()["activity_id"]
    for method, path, said_now, field in (
        ("POST", "corrections", change(title=f"Anna {NUMBER}"), "title"),
        ("PUT", "retraction", {"event_id": str(uuid4()), "reason": f"Anna {NUMBER}"}, "reason"),
        ("PUT", "retraction", {"event_id": NUMBER}, "event_id"),
    ):
        answer = await api.request(method, f"/v1/activities/{made}/{path}", json=said_now, headers={"if-match": "1"})
        assert (problem(answer), answer.json()["errors"][0]["field"]) == ((422, "personal_data"), field)
        assert NUMBER not in answer.text
    assert await service.revisions() == [("log", 1)]
    await nowhere(service)


async def test_what_comes_before_its_report_is_refused_before_it_waits(service: Service) -> None:
    early = command("correct", about="r", patient=True, content=content(title=f"Anna {NUMBER}"))
    assert await service.refused(early) == "personal_data"
    await nowhere(service)


async def test_a_repetition_of_what_was_accepted_by_an_older_rule_is_answered_as_it_was(service: Service) -> None:
    known = report(title="ren")
    answer = await service.accepted(known)
    await service.database.pool.execute("UPDATE accepted SET sha256 = $1", report(title=NUMBER).sha256)
    assert await service.accepted(report(title=NUMBER)) == answer


async def test_4_20_a_record_is_set_aside_without_what_it_says(opened: House, caplog: pytest.LogCaptureFixture) -> None:
    await opened.report("1", "r", title=f"Anna {NUMBER}")
    await opened.report("2", NUMBER)
    await opened.send(said("retracted", f"x{NUMBER}", "r"))
    await opened.report("9", "last")
    await opened.has("log", reference="last")  # the position names the last record's id until the next one comes
    letters = await opened.letters(3)
    assert [reason for reason, _ in letters] == ["personal_data"] * 3
    assert [detail.partition(":")[0] for _, detail in letters] == ["title", "reference", "event_id"]
    assert NUMBER not in caplog.text
    await nowhere(opened.service)
    await nowhere(opened.service, NUMBER.encode().hex())


async def test_an_ordinary_report_with_numbers_is_taken(api: Client) -> None:
    said_now = body(
        title="Rum 214: 541 av 542 elever, kl 0730-1100 den 2026-11-09, väg 363",
        performed_by="NTF, 12 personer",
        unit="Östra skolan 4B",
        reference="0301-K12345-26",
        occasion_key="2026-11-09/e4-reflex-4b",
    )
    assert (await api.post("/v1/activities", json=said_now)).status_code == 201
