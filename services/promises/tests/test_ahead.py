"""The agenda, and the occasions that wait for a partner."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from contracts.activities import ActivityEvent
from local.tokens import Keys

from services.promises.tests.driving import POLICE, TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
PATH = "/v1/municipalities/2480"


async def agenda(api: httpx.AsyncClient, days: int, audience: str = "internal") -> list[tuple[str, str]]:
    answer = await api.get(f"{PATH}/agenda", params={"days": days, "audience": audience})
    items = answer.raise_for_status().json()["agenda"]
    assert items == sorted(items, key=lambda each: each["day"])
    return [(each["day"], each["what"]) for each in items if each["obligation"] == "cykel-gang"]


async def test_the_agenda_tells_every_date_of_an_unmet_window_and_what_is_missing(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-05-20", status="planned"))
    await projector.turn(at("2026-05-01"))
    assert await agenda(api, 60) == [
        ("2026-05-15", "days_10"),
        ("2026-05-20", "planned"),
        ("2026-05-28", "days_1"),
        ("2026-05-31", "closes"),
        ("2026-06-14", "grace_ends"),
        ("2026-06-15", "missed"),
    ]
    shown = (await api.get(f"{PATH}/agenda?days=60")).json()["agenda"]
    [closing] = [e for e in shown if (e["obligation"], e["what"]) == ("cykel-gang", "closes")]
    assert closing["missing"]["sv"].startswith("vårens insats (")
    assert (closing["what_sv"], closing["what_en"], closing["awaited"]) == ("sista dag", "last day", [POLICE, TOWN])


async def test_what_is_met_is_not_on_the_agenda(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"))
    await projector.turn(at("2026-05-01"))
    assert await agenda(api, 60) == []
    assert await agenda(api, 124) == [("2026-09-01", "opens")]


async def test_a_window_in_its_grace_is_on_the_agenda_until_it_has_ended(
    api: httpx.AsyncClient, projector: Projector, at: At
) -> None:
    await projector.load()
    for day, expected in (("2026-06-10", ["grace_ends", "missed"]), ("2026-06-15", ["missed"]), ("2026-06-16", [])):
        await projector.live(at(day))
        assert [what for _, what in await agenda(api, 20)] == expected
    await projector.live(at("2027-01-15"))
    shown = (await api.get(f"{PATH}/agenda?days=1")).raise_for_status().json()["agenda"]
    assert {(e["obligation"], e["what"]) for e in shown} >= {("moped-a-traktor", "missed")}


async def test_secret_plans_are_on_the_owners_agenda_only(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-05-20", status="planned", visibility="count_only"))
    await projector.turn(at("2026-05-02"))
    assert ("2026-05-20", "planned") in await agenda(api, 30)
    assert ("2026-05-20", "planned") not in await agenda(api, 30, "public")


async def waiting(api: httpx.AsyncClient, **query: str | int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        (await api.get(f"{PATH}/unconfirmed", params=query)).raise_for_status().json()["occasions"]
    )
    return found


async def test_4_6_a_joint_occasion_tells_who_has_not_confirmed_which_report(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    alone = activity("2026-05-20", confirmed_by=(), occasion_key="2026-05-20/torget")
    await projector.ingest(alone, activity("2026-04-14"), activity("2026-04-02", organisation=TOWN, confirmed_by=()))
    await projector.turn(at("2026-06-01"))
    first, second = await waiting(api)
    assert (first["day"], first["reported"], first["awaited"]) == ("2026-04-02", [TOWN], [POLICE])
    assert (second["day"], second["reported"], second["awaited"]) == ("2026-05-20", [POLICE], [TOWN])
    [report] = second["reports"]
    assert (report["activity_id"], report["occasion_key"]) == (str(alone.activity_id), "2026-05-20/torget")
    page = (await api.get(f"{PATH}/unconfirmed?limit=1")).json()
    assert (page["occasions"], await waiting(api, cursor=page["next"])) == ([first], [second])


@pytest.mark.parametrize(
    "change",
    [{"status": "planned"}, {"special_effort": False}, {"confirmed_by": (TOWN,)}, {"status": "retracted"}],
)
async def test_what_waits_for_nobody_is_not_listed(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At, change: dict[str, Any]
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-05-20", **({"confirmed_by": ()} | change)))
    await projector.turn(at("2026-05-21"))
    assert await waiting(api) == []


async def test_once_the_partner_reports_under_the_same_key_nothing_waits(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    key = {"confirmed_by": (), "occasion_key": "2026-05-20/torget"}
    await projector.ingest(activity("2026-05-20", **key))
    await projector.turn(at("2026-05-21"))
    assert len(await waiting(api)) == 1
    await projector.ingest(activity("2026-05-20", organisation=TOWN, **key))
    assert await waiting(api) == []


async def test_only_those_who_are_named_see_what_waits(
    api: httpx.AsyncClient, projector: Projector, keys: Keys
) -> None:
    await projector.load()
    stranger = {"authorization": f"Bearer {keys.token('skelleftea-kommun')}"}
    assert (await api.get(f"{PATH}/unconfirmed", headers=stranger)).json()["code"] == "foreign_authority"
    assert (await api.get(f"{PATH}/agenda", headers=stranger)).json()["code"] == "foreign_authority"
    assert (await api.get(f"{PATH}/agenda?audience=public", headers=stranger)).status_code == 200
    for days in ("0", "401", "soon"):
        assert (await api.get(f"{PATH}/agenda?days={days}")).json()["code"] == "invalid"
