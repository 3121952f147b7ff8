"""The commands `up` and `demo`: start, say where to look, stay or leave."""

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path

from local import page
from local.claim import claim
from local.demo import BEGIN, set_clock
from local.places import DATA, ONE_PROMISE, SERVICES, YEAR, Story, story
from local.showing import Wish, console, said, show
from local.system import System


def up(folder: Path, *, observed: bool = False) -> int:
    """Run the system in real time until Ctrl-C; what is reported is kept for the next time."""
    system = System(folder, simulated=False, say=said, observed=observed)
    try:
        system.start()
        _where_to_look(system)
        with suppress(KeyboardInterrupt):
            asyncio.run(system.watch())
    finally:
        system.stop()
    return 0


def demo(wish: Wish) -> int:
    """Play 1 January 2026 to 15 January 2027 as two organisations' reports, and show what came of it."""
    folder, told = DATA / "demo", story(ONE_PROMISE if wish.one_promise else YEAR)
    claim(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    set_clock(folder / "clock", BEGIN)
    system = System(
        folder,
        simulated=True,
        say=said,
        catalogue=told.catalogue,
        recipients=told.recipients,
        observed=wish.observed,
    )
    try:
        system.start()
        status = asyncio.run(_demo(system, told, wish))
    finally:
        system.stop()
    return status


async def _demo(system: System, told: Story, wish: Wish) -> int:
    watching = asyncio.create_task(system.watch())
    shown = await show(system, told, wish, BEGIN)
    page.write(system.pages, shown.outcome, shown.strips, shown.wrong, shown.took)
    if wish.stay:
        _where_to_look(system)
        with suppress(asyncio.CancelledError):
            await watching
    watching.cancel()
    return 1 if shown.wrong else 0


def _where_to_look(system: System) -> None:
    """Pages and APIs."""
    if (system.pages / "year.html").exists():
        console.print(f"The year / året         {system.inbox_page}/pages/year.html")
    console.print(f"Mail inbox / brevlåda   {system.inbox_page}")
    for service in SERVICES:
        pages = f"{system.api(service)}/docs  " if service != "notifications" else ""
        console.print(f"{service:<23} {pages}{system.internal(service)}/info")
    if system.observability:
        console.print(f"Prometheus              {system.observability.url}/alerts  {system.observability.alerts_url}")
    console.print(f"Logs                    {system.folder / 'logs'}")
