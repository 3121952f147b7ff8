"""Reads standings all the while from both replicas; no answer may be torn or older than one before it."""

import asyncio

import httpx

from tests.torture.load import OBLIGATION, ORGANISATION
from tests.torture.system import Twofold


class Reader:
    """`violations` gathers what it saw; `reads` how many answers it got."""

    def __init__(self, system: Twofold) -> None:
        self._system = system
        self._token = system.keys.token(ORGANISATION)
        self._last: dict[str, int] = {}
        self._bodies: dict[tuple[str, int], str] = {}
        self.reads = 0
        self.violations: list[tuple[str, str]] = []

    async def read(self, stop: asyncio.Event) -> None:
        urls = [f"{d}/v1/municipalities/2480/obligations/{OBLIGATION}" for d in self._system.doors("promises")]
        async with httpx.AsyncClient(timeout=5, headers={"authorization": f"Bearer {self._token}"}) as http:
            while not stop.is_set():
                for url in urls:
                    try:
                        answer = await http.get(url)
                    except httpx.TransportError:
                        continue
                    if answer.is_success:
                        self._look(answer.json())
                await asyncio.sleep(0.05)

    def _look(self, body: dict[str, object]) -> None:
        self.reads += 1
        for each in body["standings"]:  # type: ignore[attr-defined]
            period, revision = each["period"], each["revision"]
            if revision < self._last.get(period, 0):
                self.violations.append(("S1", f"{period} went back from revision {self._last[period]} to {revision}"))
            self._last[period] = max(revision, self._last.get(period, 0))
            shown = f"{each['counted']} {each['phase']} {each['verdict']} {each['pace']}"
            if self._bodies.setdefault((period, revision), shown) != shown:
                self.violations.append(("S1", f"{period} revision {revision} was shown in two ways"))
