"""What is wrong with an installation, judged by what its services said, causes before symptoms; reads nothing."""

from collections.abc import Iterator, Sequence

from local.findings import Finding, Said, well, wrong
from local.symptoms import ASKING, EVERY, symptoms

ASKED_WITH_TOKENS = ("activities", "promises")
PART_UP = "lofteskollen_part_up"
SECRETS = "Rotate secrets"
SKEW = 5.0
"""Seconds; what tokens allow between two clocks."""
CAUSES = {"database": "DatabaseAway", "kafka": "KafkaAway", "progress": "ReaderStuck"}


def diagnose(told: Sequence[Said]) -> Iterator[Finding]:
    """Every finding about the services asked; several of one name are its replicas."""
    yield from map(_answers, told)
    heard = [said for said in told if not said.fault]
    if silent := [name for name in EVERY if name not in {said.service for said in heard}]:
        yield wrong("tjänster / services", f"nothing is known of {', '.join(silent)}", ASKING)
    if heard:
        yield _versions(heard)
        yield _clocks(heard)
        yield _time(heard)
        if asked := [said for said in heard if said.service in ASKED_WITH_TOKENS]:
            yield _keys(asked)
        yield from symptoms(heard)


def _answers(said: Said) -> Finding:
    if said.fault:
        return wrong("svar / answer", f"{said.address} {said.fault}", "ServiceDown")
    what = f"{said.service} {said.address}"
    if not said.unready:
        return well("svar / answer", f"{what} is ready")
    section = next((CAUSES[part] for part in CAUSES if f"{part}: " in said.unready), "ServiceDown")
    return wrong("svar / answer", f"{what} is not ready: {said.unready}", section)


def _versions(heard: Sequence[Said]) -> Finding:
    versions = sorted({f"{said.service} {said.version}" for said in heard})
    if len({said.version for said in heard}) == 1:
        return well("version", heard[0].version)
    return wrong("version", f"{', '.join(versions)}: bring all to the same", ASKING)


def _clocks(heard: Sequence[Said]) -> Finding:
    worst = max(heard, key=lambda said: abs(said.ahead))
    if abs(worst.ahead) <= SKEW:
        return well("klocka / clock", f"every one within {SKEW:.0f} s of this machine's")
    how = "ahead of" if worst.ahead > 0 else "behind"
    return wrong("klocka / clock", f"{worst.service} is {abs(worst.ahead):.0f} s {how} this machine", ASKING)


def _time(heard: Sequence[Said]) -> Finding:
    if simulated := sorted({said.service for said in heard if said.simulated}):
        return wrong("tid / time", f"{', '.join(simulated)} live in simulated time, as a demonstration does", ASKING)
    return well("tid / time", "real")


def _keys(asked: Sequence[Said]) -> Finding:
    found = {said.service for said in asked if not any(each.value for each in said.samples(PART_UP, part="keys"))}
    if found:
        return wrong("nycklar / keys", f"{', '.join(sorted(found))} can read none: every call gets no_keys", SECRETS)
    return well("nycklar / keys", "those that sign tokens can be read")
