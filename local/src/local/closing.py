"""What came out of the year, compared with what had to come out."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from local.asking import ask
from local.records import MUNICIPALITY
from local.system import ORGANISATIONS, System


@dataclass(frozen=True, slots=True)
class Outcome:
    """`mails` are (working day, organisation) as the inbox got them; `attempts` says which were sent twice and why."""

    promises: list[dict[str, Any]]
    mails: list[tuple[str, str]]
    message_ids: list[str]
    in_doubt: int
    dead_letters: list[str]

    @property
    def copies(self) -> int:
        """How many mails are copies of another one (same Message-ID)."""
        return len(self.message_ids) - len(set(self.message_ids))

    def standing(self, obligation: str) -> dict[str, Any]:
        """The standing of an obligation's latest period."""
        for promise in self.promises:
            for entry in promise["obligations"]:
                if entry["obligation"] == obligation:
                    return dict(entry["standings"][-1])
        raise LookupError(obligation)


async def collect(system: System) -> Outcome:
    """Ask the services and the inbox."""
    async with httpx.AsyncClient(timeout=10) as http:
        url = f"{system.api('promises')}/v1/municipalities/{MUNICIPALITY}/promises"
        promises = (await ask(http, "GET", url, token=system.keys.token(ORGANISATIONS[0]))).json()["promises"]
        inbox = (await ask(http, "GET", f"{system.inbox_page}/api/mails")).json()
        sent = (await ask(http, "GET", f"{system.internal('notifications')}/v1/mails")).json()
        refusals: list[str] = []
        for organisation in ORGANISATIONS:
            url = f"{system.api('activities')}/v1/refusals"
            answer = await ask(http, "GET", url, token=system.keys.token(organisation))
            refusals += [item["code"] for item in answer.json()["refusals"]]
    who = _organisations(system.recipients)
    first = {mail["message_id"]: mail for mail in reversed(inbox)}
    return Outcome(
        promises=promises,
        mails=sorted((mail["digest_day"], who[_address(mail["to"])]) for mail in first.values()),
        message_ids=[mail["message_id"] for mail in inbox],
        in_doubt=sum(attempt["outcome"] == "unknown" for mail in sent for attempt in mail["attempts"]),
        dead_letters=refusals,
    )


def differences(outcome: Outcome, expected: Path) -> list[str]:
    """What differs from the expectation, as sentences; nothing when all came out."""
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    found = outcome.standing(wanted["standing"]["obligation"])
    said = []
    for name, value in wanted["standing"].items():
        if name != "obligation" and found[name] != value:
            said.append(f"{name} is {found[name]!r} and should be {value!r}")
    mails = Counter((day, who) for day, who in wanted["mails"])
    said += [f"the mail of {day} to {who} is missing" for day, who in (mails - Counter(outcome.mails)).elements()]
    said += [f"a mail of {day} to {who} is too many" for day, who in (Counter(outcome.mails) - mails).elements()]
    if outcome.copies > outcome.in_doubt:
        said.append(f"{outcome.copies} mail(s) came twice, {outcome.in_doubt} attempt(s) were left open by a kill")
    if outcome.dead_letters != wanted["dead_letters"]:
        said.append(f"dead letters are {outcome.dead_letters} and should be {wanted['dead_letters']}")
    return said


def _organisations(recipients: Path) -> dict[str, str]:
    entries = YAML(typ="safe").load(recipients.read_text(encoding="utf-8"))["recipients"]
    return {entry["address"]: entry["organisation"] for entry in entries}


def _address(to: str) -> str:
    return to.rpartition("<")[2].rstrip(">")
