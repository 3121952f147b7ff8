"""Made-up traffic: Umeå's leaflet under other codes, and activities whose counts are known beforehand."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid5

from chassis.database import connect
from chassis.settings import Settings
from contracts.activities import ActivityLogged
from contracts.envelope import TRACEPARENT, Headers, binary
from local.places import CATALOGUE
from promises.application.load import load
from promises.catalogue.check import checked
from uuid_utils.compat import uuid7

POLICE, TOWN = "polisen-lpo-umea", "umea-kommun"
NOW = datetime(2026, 12, 15, 12, tzinfo=UTC)
FIRST, DAYS = date(2026, 1, 1), 348
COUNT_ONLY = "prostitution-manniskohandel"


@dataclass(frozen=True, slots=True)
class Kind:
    """An activity that counts for one obligation; `period` is how its days are grouped, `each` what one counts."""

    obligation: str
    organisation: str
    period: str
    content: dict[str, Any] = field(default_factory=dict)
    confirmed_by: tuple[str, ...] = ()


_CYKEL = {"special_effort": True, "audiences": ["cyclist"], "themes": ["reflector"], "kind": "operation"}
KINDS = (
    Kind("tillganglig-polis", POLICE, "month", {"kind": "contact"}),
    Kind("grannsamverkan", POLICE, "tertial"),
    Kind("vald-i-nara-relationer", TOWN, "tertial"),
    Kind(COUNT_ONLY, POLICE, "tertial", {"themes": ["prostitution"]}),
    Kind("unga-narkotika", TOWN, "tertial", {"themes": ["prevention"]}),
    Kind("cykel-gang", POLICE, "year", _CYKEL, (TOWN,)),
    Kind("moped-a-traktor", POLICE, "year", {"special_effort": True, "audiences": ["tuned_moped"]}),
    Kind("trafikantkampanjer", TOWN, "year", {"special_effort": True, "kind": "campaign"}),
    Kind("trafikutbildning-ak4", TOWN, "school_year", {"quantities": {"pupils_offered": 1}}),
)
Expected = Counter[tuple[str, str, str]]
"""How much counts, by municipality, obligation and period."""


def codes(number: int) -> list[str]:
    """Codes of municipalities that there are not."""
    return [f"{5000 + n}" for n in range(number)]


def watched_codes(lane: int) -> list[str]:
    """Municipalities that one watcher alone reports to."""
    return [f"{9000 + lane * 100 + n}" for n in range(10)]


def place(n: int, municipalities: int) -> tuple[str, Kind, date]:
    """Where, what and when the n-th activity is: spread evenly over municipalities, kinds and days."""
    turn = n // municipalities
    return f"{5000 + n % municipalities}", KINDS[turn % len(KINDS)], FIRST + timedelta(days=turn * 7 % DAYS)


def period_of(kind: Kind, day: date) -> str:
    """The period's name, worked out here and not by the service that is measured."""
    match kind.period:
        case "month":
            return f"{day:%Y-%m}"
        case "tertial":
            return f"{day.year}-T{(day.month + 3) // 4}"
        case "year":
            return f"{day.year}"
        case _:
            first = day.year - (day < date(day.year, 7, 1))
            return f"{first}/{(first + 1) % 100:02d}"


def expected(number: int, municipalities: int) -> Expected:
    """What the standings must count after the first `number` activities."""
    found = Expected()
    for n in range(number):
        code, kind, day = place(n, municipalities)
        found[code, kind.obligation, period_of(kind, day)] += 1
    return found


def records(number: int, municipalities: int) -> Iterator[tuple[str, Headers, bytes]]:
    """The activities as the topic `activities` holds them: key, headers, value; each is of a trace of its own."""
    for n in range(number):
        code, kind, day = place(n, municipalities)
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        event = ActivityLogged(
            activity_id=uuid7(),
            revision=1,
            municipality=code,
            organisation=kind.organisation,
            source=f"/organisations/{kind.organisation}",
            reference=f"bench/{n}",
            status="done",
            occurred_at=moment,
            counted_on=day,
            obligations=(kind.obligation,),
            confirmed_by=kind.confirmed_by,
            visibility="count_only" if kind.obligation == COUNT_ONLY else "public",
            title="Insats med information på plats",
            footprint=({"obligation": kind.obligation, "counted_on": day},),
            recorded_at=moment + timedelta(hours=2),
            catalogue_revision=1,
            **kind.content,
        )
        event_id = str(uuid5(event.activity_id, "1"))
        about = {"event_id": event_id, "source": "/services/activities", "subject": str(event.activity_id)}
        headers, value = binary(**about, time=event.recorded_at, data=event)
        trace = f"00-{event.activity_id.hex}-{event.activity_id.hex[16:]}-01"
        yield code, [*headers, (TRACEPARENT, trace.encode())], value


def report(n: int, code: str, kind: Kind, day: date) -> dict[str, Any]:
    """The same activity as a sender reports it over HTTP."""
    return kind.content | {
        "event_id": f"bench-{n}",
        "reference": f"bench/{n}",
        "municipality": code,
        "obligations": [kind.obligation],
        "occurred_at": f"{day}T09:00:00Z",
        "title": "Insats med information på plats",
    }


async def load_catalogues(settings: Settings, names: list[str]) -> None:
    """Put Umeå's leaflet in force under each of these codes."""
    catalogue, organisations = checked(CATALOGUE)
    database = await connect(settings, "promises")
    try:
        for code in names:
            renamed = catalogue.model_copy(update={"municipality": code, "name": f"Kommun {code}"})
            await load(database, renamed, organisations, NOW)
    finally:
        await database.close()
