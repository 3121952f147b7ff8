"""What the figures of an installation tell; the limits are those of the alerts, and a test compares them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from local.findings import Finding, Said, Sample, well, wrong

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
LIMITS = {
    "ReaderStuck": 20,
    "RelayStuck": MINUTE,
    "StandingDelayed": MINUTE,
    "MailNotLeaving": 15 * MINUTE,
    "BackupOld": 26 * HOUR,
    "FeedSilent": 21 * DAY,
    "CatalogueExpiring": 45 * DAY,
}
"""Seconds beyond which it is wrong, by alert; a catalogue must reach further."""
NEVER = 20 * 365 * DAY
"""Seconds; a stamp that is not there counts from 1970."""
UNTOLD = "cannot tell"
HELD = f"{UNTOLD}, or a replica does that was not asked"
"""One replica tells what concerns all."""
ASKING = "Ask the installation"


class Wait(NamedTuple):
    """Work that waits: its `kind` in the metrics, whose it is, and the alert that rises where it waits too long."""

    what: str
    kind: str
    whose: tuple[str, ...]
    alert: str


EVERY = ("activities", "promises", "notifications")
WAITS = (
    Wait("läsning / records behind", "records_behind", EVERY, "ReaderStuck"),
    Wait("utkorg / outbox", "outbox", EVERY, "RelayStuck"),
    Wait("bedömning / to be judged", "dirty", ("promises",), "StandingDelayed"),
    Wait("brev på väg / mails on their way", "mails", ("notifications",), "MailNotLeaving"),
)


def symptoms(heard: Sequence[Said]) -> Iterator[Finding]:
    """Every figure of those that answered; of a service that did not, nothing is said here."""
    for wait in WAITS:
        if having := [said for said in heard if said.service in wait.whose]:
            yield _waits(having, wait)
    yield _set_aside(heard)
    yield _backup(heard)
    if mailing := [said for said in heard if said.service == "notifications"]:
        yield _mails(mailing)
        yield _addresses(mailing)
    if judging := [said for said in heard if said.service == "promises"]:
        yield from _catalogues(judging)
        yield _feeds(judging)


def span(seconds: float) -> str:
    """A time as a person says it, rounded down: 40 s, 3 min, 25 h, 22 days."""
    for name, size, from_ in (("days", DAY, 3 * DAY), ("h", HOUR, 2 * HOUR), ("min", MINUTE, 2 * MINUTE)):
        if seconds >= from_:
            return f"{seconds // size:.0f} {name}"
    return f"{seconds:.0f} s"


def _all(heard: Sequence[Said], name: str, **labels: str) -> list[tuple[Said, Sample]]:
    return [(said, each) for said in heard for each in said.samples(name, **labels)]


def _waits(heard: Sequence[Said], wait: Wait) -> Finding:
    ages = _all(heard, "lofteskollen_pending_oldest_age_seconds", kind=wait.kind)
    if missing := sorted({each.service for each in heard} - {said.service for said, _ in ages}):
        return wrong(wait.what, f"{', '.join(missing)} {UNTOLD}", ASKING)
    count = sum(each.value for _, each in _all(heard, "lofteskollen_pending", kind=wait.kind))
    said, oldest = max(ages, key=lambda each: each[1].value)
    seen = f"{count:.0f}, the oldest {span(oldest.value)} ({said.service})"
    if oldest.value > LIMITS[wait.alert]:
        return wrong(wait.what, seen, wait.alert)
    return well(wait.what, seen if count else "none")


def _set_aside(heard: Sequence[Said]) -> Finding:
    what, found = "undanlagt / dead letters", _all(heard, "lofteskollen_dead_letters_waiting")
    if missing := sorted(said.service for said in heard if "lofteskollen_dead_letters_waiting" not in said.metrics):
        return wrong(what, f"{', '.join(missing)} {UNTOLD}", ASKING)
    if not found:
        return well(what, "none")
    seen = (f"{said.service} {each.value:.0f} ({each.labels['reason']})" for said, each in found)
    return wrong(what, ", ".join(seen), "DeadLetters")


def _mails(heard: Sequence[Said]) -> Finding:
    what = "brev / mails"
    counts = {each.labels["state"]: int(each.value) for _, each in _all(heard, "lofteskollen_mails")}
    if not counts:
        return wrong(what, f"notifications {HELD}", ASKING)
    seen = ", ".join(f"{counts.get(state, 0)} {state}" for state in ("sent", "deferred", "failed", "uncertain"))
    return wrong(what, seen, "MailUncertain") if counts.get("uncertain") else well(what, seen)


def _addresses(heard: Sequence[Said]) -> Finding:
    what, found = "adresser / addresses", _all(heard, "lofteskollen_reminders", state="unaddressed")
    if not found:
        return wrong(what, f"notifications {HELD}", ASKING)
    count = sum(each.value for _, each in found)
    seen = f"{count:.0f} reminders wait for an address"
    return wrong(what, seen, "OwnerUnaddressed") if count else well(what, "every owner to be told has one")


def _backup(heard: Sequence[Said]) -> Finding:
    what, found = "säkerhetskopia / backup", _all(heard, "lofteskollen_backup_age_seconds")
    if not found:
        return wrong(what, "nobody watches it: LOFTESKOLLEN_BACKUP_STAMP is not set", "Back up and restore")
    oldest = max(each.value for _, each in found)
    seen = "there is none yet" if oldest > NEVER else f"the last good one is {span(oldest)} old"
    return wrong(what, seen, "BackupOld") if oldest > LIMITS["BackupOld"] else well(what, seen)


def _catalogues(heard: Sequence[Said]) -> Iterator[Finding]:
    what, found = "katalog / catalogue", _all(heard, "lofteskollen_catalogue_remaining_seconds")
    if not found:
        yield wrong(what, "none is loaded, or a replica tells it that was not asked", "A new year's catalogue")
    for said, each in found:
        until = f", until {said.now + timedelta(seconds=each.value - 1):%Y-%m-%d}" if said.now else ""
        seen = f"{each.labels['municipality']} reaches {span(each.value)} ahead{until}"
        soon = each.value < LIMITS["CatalogueExpiring"]
        yield wrong(what, seen, "CatalogueExpiring") if soon else well(what, seen)


def _feeds(heard: Sequence[Said]) -> Finding:
    what, found = "källor / sources", _all(heard, "lofteskollen_feed_age_seconds", audience="internal")
    if not any("lofteskollen_feed_age_seconds" in said.metrics for said in heard):
        return wrong(what, f"promises {UNTOLD}", ASKING)
    silent = [each for _, each in found if each.value > LIMITS["FeedSilent"]]
    if silent:
        seen = (f"{each.labels['organisation']} {each.labels['source']} {span(each.value)}" for each in silent)
        return wrong(what, f"silent: {', '.join(seen)}", "FeedSilent")
    return well(what, f"{len(found)} reported lately" if found else "nobody has reported yet")
