"""Asks the internal ports of a running installation."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from prometheus_client.parser import text_string_to_metric_families

from local.findings import Said, Sample

PATIENCE = 15.0
HALF = timedelta(seconds=0.5)
"""The header `Date` tells whole seconds, rounded down."""


async def ask_all(addresses: Sequence[str]) -> list[Said]:
    """What each address said, in this order."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as http:
        return await asyncio.gather(*(_ask(http, address.rstrip("/")) for address in addresses))


async def _ask(http: httpx.AsyncClient, address: str) -> Said:
    try:
        metrics = _metrics((await http.get(f"{address}/metrics")).text)
        ready = await http.get(f"{address}/readyz")
        answered_at = datetime.now(UTC)
        info = await http.get(f"{address}/info")
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        return Said(address, fault=f"does not answer ({type(fault).__name__})")
    except ValueError:
        metrics = {}
    build = metrics.get("lofteskollen_build_info")
    if not build:
        return Said(address, fault="is no service's internal port")
    told = info.json() if info.is_success else {}
    return Said(
        address,
        service=build[0].labels["service"],
        version=build[0].labels["version"],
        unready="" if ready.is_success else ready.json().get("detail", str(ready.status_code)),
        now=datetime.fromisoformat(told["now"]) if told else None,
        simulated=told.get("simulated_time", False),
        ahead=(parsedate_to_datetime(ready.headers["date"]) + HALF - answered_at).total_seconds(),
        metrics=metrics,
    )


def _metrics(text: str) -> dict[str, list[Sample]]:
    """Samples by the name of their metric, which stays known where it has none."""
    return {
        family.name: [Sample(each.labels, each.value) for each in family.samples]
        for family in text_string_to_metric_families(text)
    }
