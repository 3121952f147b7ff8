from collections.abc import Callable
from datetime import date, datetime

import httpx
import pytest
from contracts.activities import ActivityEvent
from local.tokens import Keys
from promises.method.__main__ import FILE

from services.promises.tests.driving import TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]


async def test_all_nine_promises_are_shown_with_their_printed_words(
    api: httpx.AsyncClient, projector: Projector
) -> None:
    await projector.load()
    await projector.turn()
    shown = (await api.get("/v1/municipalities/2480/promises")).raise_for_status().json()
    assert [len(shown["promises"]), shown["name"]] == [9, "Umeå"]
    entries = [each for promise in shown["promises"] for each in promise["obligations"]]
    assert len(entries) == 10
    assert all(entry["standings"] for entry in entries)
    [entry] = [each for each in entries if each["obligation"] == "cykel-gang"]
    assert (entry["obligation"], entry["basis"], entry["rule"]["grace_days"]["basis"]) == (
        "cykel-gang",
        "leaflet",
        "operator",
    )
    assert entry["standings"][0]["phase"] == "open"


async def test_an_obligation_is_shown_with_evidence_and_reasons_in_both_languages(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-11-09", organisation=TOWN, confirmed_by=(), title="Reflexer"))
    await projector.turn(at("2026-11-10"))
    shown = (await api.get("/v1/municipalities/2480/obligations/cykel-gang")).raise_for_status().json()
    [standing] = shown["standings"]
    behind = (await api.get("/v1/municipalities/2480/obligations/cykel-gang/evidence")).raise_for_status().json()
    assert [each["title"] for each in behind["evidence"]] == ["Reflexer"]
    [partner] = [reason for reason in standing["reasons"] if reason["code"] == "partner_missing"]
    police = "Polisen, lokalpolisområde Umeå", "Police, Umeå local police area"
    assert (
        partner["sv"] == f"Samarbetspart saknas: höstens insats väntar på att {police[0]} rapporterar eller bekräftar."
    )
    said = f"A partner is missing: a report or confirmation of the autumn operation is awaited from {police[1]}."
    assert partner["en"] == said


async def test_7_7_while_a_month_runs_unmet_no_pace_is_said_of_it_and_the_last_closed_one_is_shown(
    api: httpx.AsyncClient, projector: Projector, at: At
) -> None:
    await projector.load()
    await projector.live(at("2026-04-20"))
    shown = (await api.get("/v1/municipalities/2480/obligations/tillganglig-polis")).raise_for_status().json()
    paces = [(each["period"], each["phase"], each["pace"]) for each in shown["standings"]]
    assert paces[-2:] == [("2026-03", "closed", "no_logged_activity"), ("2026-04", "open", None)]


async def test_the_public_sees_that_a_secret_report_counts_and_no_more(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    secret = activity("2026-04-14", visibility="count_only", title="Hemlig plats", recorded_at=at("2026-04-14T13:00"))
    await projector.ingest(secret)
    for day, count in (("2026-04-20", 0), ("2026-05-01", 1)):
        await projector.turn(at(day))
        path = "/v1/municipalities/2480/obligations/cykel-gang"
        answer = await api.get(f"{path}?audience=public")
        behind = await api.get(f"{path}/evidence?audience=public")
        [standing] = answer.raise_for_status().json()["standings"]
        assert (standing["counted"], behind.json()["evidence"]) == (count, [{"details": "withheld"}] * count)
        assert "Hemlig" not in answer.text + behind.text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/municipalities/0180/promises", 404, "unknown"),
        ("/v1/municipalities/248/promises", 422, "invalid"),
        ("/v1/municipalities/2480/obligations/finns-inte", 404, "unknown"),
        ("/v1/municipalities/2480/promises?audience=everyone", 422, "invalid"),
    ],
)
async def test_what_is_not_there_is_a_problem_that_says_so(
    api: httpx.AsyncClient, projector: Projector, path: str, status: int, code: str
) -> None:
    await projector.load()
    answer = await api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert error["field"]
    assert error["reason"]


async def test_nobody_without_a_token_or_a_part_sees_the_internal_view(
    api: httpx.AsyncClient, projector: Projector, keys: Keys
) -> None:
    await projector.load()
    path = "/v1/municipalities/2480/promises"
    assert (await api.get(path, headers={"authorization": ""})).status_code == 401
    unscoped = {"authorization": f"Bearer {keys.token(TOWN, ['activities:read'])}"}
    assert (await api.get(path, headers=unscoped)).status_code == 403
    stranger = {"authorization": f"Bearer {keys.token('skelleftea-kommun')}"}
    assert (await api.get(path, headers=stranger)).json()["code"] == "foreign_authority"
    assert (await api.get(f"{path}?audience=public", headers=stranger)).status_code == 200


async def test_a_catalogue_that_was_loaded_with_no_end_in_the_calendar_is_still_followed_up(
    api: httpx.AsyncClient, projector: Projector, at: At
) -> None:
    await projector.load(until=date.max)
    await projector.live(at("2026-05-02"))
    for name in ("tillganglig-polis", "trygg-trafikmiljo", "cykel-gang"):
        shown = (await api.get(f"/v1/municipalities/2480/obligations/{name}")).raise_for_status().json()
        assert shown["standings"][-1]["phase"] == "open"
    assert (await api.get("/v1/municipalities/2480/agenda")).status_code == 200


async def test_an_obligation_says_how_its_kind_counts_and_what_its_words_are_called_as_the_method_does(
    api: httpx.AsyncClient, projector: Projector, at: At
) -> None:
    await projector.load()
    await projector.live(at("2026-03-02"))
    method = FILE.read_text(encoding="utf-8")
    kinds = set()
    for name in ("cykel-gang", "grannsamverkan", "trafikutbildning-ak4", "trygg-trafikmiljo"):
        shown = (await api.get(f"/v1/municipalities/2480/obligations/{name}")).raise_for_status().json()
        kinds.add(shown["rule"]["kind"])
        assert all(f"**`{shown['rule']['kind']}`** – {shown[f'about_{each}']}" in method for each in ("sv", "en")), name
    assert kinds == {"occasions", "cadence", "coverage", "umbrella"}
    shown = (await api.get("/v1/municipalities/2480/obligations/tillganglig-polis")).raise_for_status().json()
    january, *_ = shown["standings"]
    assert [january[f"{word}_sv"] for word in ("phase", "verdict", "pace")] == [
        "avslutad",
        None,
        "ingen rapporterad aktivitet",
    ]
    assert [january[f"{word}_en"] for word in ("phase", "verdict", "pace")] == ["closed", None, "no logged activity"]
    later = (await api.get("/v1/municipalities/2480/obligations/cykel-gang?at=2027-02-01T00:00:00Z")).json()
    assert (later["standings"][-1]["verdict_sv"], later["standings"][-1]["verdict_en"]) == (
        "ej uppfyllt",
        "not fulfilled",
    )
