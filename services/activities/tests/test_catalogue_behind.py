"""What the read copy may not know yet is asked again later."""

from collections.abc import Callable

import httpx
from aiokafka import AIOKafkaProducer
from chassis.settings import Settings
from contracts.topics import PROMISES

from chassis import kafka
from services.activities.tests.driving import Service, body, problem

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
ROOT = "/v1/activities"


async def test_a_promise_that_the_read_copy_may_not_know_yet_is_asked_again_later(
    api: Client, settings: Settings, service: Service
) -> None:
    producer: AIOKafkaProducer = kafka.producer(settings)
    async with producer:
        await producer.send_and_wait(PROMISES.name, b"{}", key=b"2480")
    answer = await api.post(ROOT, json=body(obligations=["just-promised"]))
    assert problem(answer) == (503, "unavailable")
    assert answer.headers["retry-after"] == "1"
    assert (await api.post(ROOT, json=body())).status_code == 201
    assert await service.rows("SELECT * FROM refusal") == []
