"""The demonstration in docker-compose.yml: a volume holds its time and its keys, Mailpit its mails."""

import asyncio
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from local.asking import ask
from local.demo import BEGIN, ZONE, set_clock
from local.places import IN_COMPOSE, YEAR, story
from local.showing import Wish, show
from local.tokens import Keys

VOLUME, SECRETS = Path("/demo"), Path("/run/secrets")
MOST_MAILS = 500
"""What Mailpit keeps unless told otherwise."""


class NoDemonstrationError(RuntimeError):
    """This installation is no demonstration; the sentence says how to make one."""


class Compose:
    """The stage, from a container in the network of docker-compose.yml."""

    def __init__(self) -> None:
        self.clock = VOLUME / "clock"
        self.keys = Keys(VOLUME)

    def api(self, service: str) -> str:
        """Where a service's API is."""
        return f"http://{service}:8000"

    def internal(self, service: str) -> str:
        """Where a service's health, metrics and info are."""
        return f"http://{service}:9000"

    def login(self, organisation: str) -> dict[str, Any]:
        """As the organisation's own user, who may write its own topic and nothing else."""
        return {
            "bootstrap_servers": "kafka:9092",
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "PLAIN",
            "sasl_plain_username": organisation,
            "sasl_plain_password": (SECRETS / organisation).read_text(encoding="utf-8").strip(),
        }

    async def mails(self, http: httpx.AsyncClient) -> list[dict[str, Any]]:
        """What Mailpit lists, the first mail first; of the text only its beginning."""
        found = (await ask(http, "GET", f"http://mailpit:8025/api/v1/messages?limit={MOST_MAILS}")).json()["messages"]
        return [
            {
                "to": ", ".join(each["Address"] for each in mail["To"]),
                "subject": mail["Subject"],
                "text": mail["Snippet"],
                "message_id": f"<{mail['MessageID']}>",
            }
            for mail in reversed(found)
        ]


def prepare() -> int:
    """Lay the first moment of the year and the keys into the volume, unless they are there."""
    stage = Compose()
    stage.keys.ensure()
    if not stage.clock.exists():
        set_clock(stage.clock, BEGIN)
    return 0


def play(until: datetime, pace: float | None) -> int:
    """Play the year from where its time stands.

    Raises:
        NoDemonstrationError: a service does not follow the demonstration's time.
    """
    return asyncio.run(_play(Compose(), Wish(until=until, pace=pace)))


async def _play(stage: Compose, wish: Wish) -> int:
    async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
        real = [address for address in IN_COMPOSE if not await _simulated(http, address)]
    if real:
        raise NoDemonstrationError(
            f"no demonstration's time is followed at {', '.join(real)}, so nothing was played; "
            "deploy/compose/prepare.sh --demo prepares a demonstration"
        )
    logging.getLogger("aiokafka").setLevel(logging.ERROR)  # it warns of passwords in clear, which stay in this network
    begin = datetime.fromisoformat(stage.clock.read_text(encoding="ascii")).astimezone(ZONE)
    shown = await show(stage, story(YEAR), wish, begin)
    return 1 if shown.wrong else 0


async def _simulated(http: httpx.AsyncClient, address: str) -> bool:
    try:
        return bool((await http.get(f"{address}/info")).json()["simulated_time"])
    except (httpx.HTTPError, ValueError, KeyError):
        return False
