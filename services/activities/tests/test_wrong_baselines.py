"""A wrong baseline is refused, and said so."""

from collections.abc import Callable

import httpx

from services.activities.tests.driving import Service, problem

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
ROOT = "/v1/activities"


async def test_a_baseline_too_large_to_travel_is_refused(api: Client, service: Service) -> None:
    said = {"event_id": "b", "municipality": "2480", "obligation": "trafik-ak4", "period": "2026/27"}
    units = {f"{'🏫' * 110}{number}": 1 for number in range(1000)}
    answer = await api.post("/v1/baselines", json=said | {"quantity": "pupils_offered", "units": units})
    assert problem(answer) == (413, "too_large")
    assert await service.left() == [0, 0, 0, 0]
    [kept] = (await api.get("/v1/refusals")).json()["refusals"]
    assert kept["code"] == "too_large"
