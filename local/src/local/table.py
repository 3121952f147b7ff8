"""The last thing on the screen: how every promise stands, which mails went, and where to click."""

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from local.closing import Outcome
from local.system import SERVICES, System

WORDS = {
    "fulfilled": "uppfyllt",
    "partially_fulfilled": "delvis uppfyllt",
    "not_fulfilled": "ej uppfyllt",
    "cannot_be_assessed": "kan inte bedömas",
}


def closing(console: Console, outcome: Outcome, wrong: Sequence[str], pace: str) -> None:
    """Standing of every promise, the mails, and one sentence on what was shown."""
    console.print(_promises(outcome), _mails(outcome), sep="\n")
    console.print(
        "Shown: reports over HTTP and Kafka, one doubled and one malformed, became one standing per promise and "
        f"{len(outcome.mails)} mails to those who could still act; {pace}."
    )
    for line in wrong:
        console.print(f"✗ {line}", style="bold red")
    if not wrong:
        console.print("✓ Standing, mails and dead letters are exactly as expected.", style="green")


def where_to_look(console: Console, system: System) -> None:
    """Pages and APIs."""
    console.print(f"Mail inbox / brevlåda   {system.inbox_page}")
    for service in SERVICES:
        pages = f"{system.api(service)}/docs  " if service != "notifications" else ""
        console.print(f"{service:<23} {pages}{system.internal(service)}/info")
    console.print(f"Logs                    {system.folder / 'logs'}")


def _promises(outcome: Outcome) -> Table:
    table = Table(title="Löften i Umeå 2026 / Promises", title_justify="left")
    for name in ("löfte / promise", "fas / phase", "bedömning / verdict", "varför"):
        table.add_column(name, overflow="fold")
    for promise in outcome.promises:
        standings = [each["standings"][-1] for each in promise["obligations"] if each["standings"]]
        if not standings:
            table.add_row(promise["promise"], "–", "följs inte upp än / not followed yet", "")
        for found in standings:
            verdict = found["verdict"]
            reasons = " ".join(reason["sv"] for reason in found["reasons"])
            table.add_row(promise["promise"], found["phase"], f"{WORDS.get(verdict, '–')} / {verdict}", reasons)
    return table


def _mails(outcome: Outcome) -> Table:
    table = Table(title="Brev / Mails", title_justify="left")
    table.add_column("dag / day")
    table.add_column("till / to")
    days: dict[str, list[str]] = defaultdict(list)
    for day, organisation in outcome.mails:
        days[day].append(organisation)
    for day, organisations in sorted(days.items()):
        table.add_row(day, ", ".join(organisations))
    return table
