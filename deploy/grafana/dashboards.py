"""The dashboards as code: this writes their JSON; `--check` says whether what is written is stale."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from promises.domain.figures import BUCKETS, Bucket

HERE = Path(__file__).parent
Json = dict[str, Any]
SOURCE = {"type": "prometheus", "uid": "${source}"}
INSIDE = 'audience="$audience", municipality=~"$municipality"'


class Panel(NamedTuple):
    """A panel: a Swedish title, an English description, its expressions; `words` are shown instead of values."""

    title: str
    about: str
    kind: str
    expressions: tuple[str, ...]
    unit: str = "short"
    legend: str = "{{service}}"
    wide: bool = False
    words: Json | None = None
    transformations: tuple[Json, ...] = ()


OF = "by (municipality, obligation)"
COLOURS = ("green", "yellow", "red", "orange", "purple", "blue", "text")
WORDS = {name: {"text": BUCKETS[name].sv, "color": colour} for name, colour in zip(BUCKETS, COLOURS, strict=True)}
COLUMNS = {
    "municipality": "Kommun",
    "obligation": "Löfte",
    "standing": "Står",
    "Value #B": "Saknas",
    "Value #C": "Dagar kvar",
}
ONE_TABLE: tuple[Json, ...] = (
    {"id": "merge", "options": {}},
    {
        "id": "organize",
        "options": {
            "excludeByName": {"Time": True, "Value #A": True},
            "indexByName": {name: place for place, name in enumerate(COLUMNS)},
            "renameByName": COLUMNS,
        },
    },
)


def numbered(number: int, bucket: Bucket) -> str:
    """The number for each obligation that stands in a bucket, 0 for the others."""
    return f'max {OF} (lofteskollen_promise_standing{{{INSIDE}, standing="{bucket}"}}) * {number}'


PROMISES = (
    Panel(
        "Löftena",
        "Every promise followed up: how it stands, how many of what is needed are missing, days to the next last day.",
        "table",
        (
            f"max by (municipality, obligation, standing) (lofteskollen_promise_standing{{{INSIDE}}} == 1)",
            f"max {OF} (lofteskollen_promise_missing{{{INSIDE}}})",
            f"floor(min {OF} (lofteskollen_promise_deadline_seconds{{{INSIDE}}}) / 86400)",
        ),
        wide=True,
        words=WORDS,
        transformations=ONE_TABLE,
    ),
    Panel(
        "Årsremsa",
        "How every promise has stood in the course of the year.",
        "state-timeline",
        (" + ".join(numbered(number, bucket) for number, bucket in enumerate(BUCKETS, 1)),),
        legend="{{municipality}} {{obligation}}",
        wide=True,
        words={str(number): word for number, word in enumerate(WORDS.values(), 1)},
    ),
    Panel(
        "Uppfyllelse",
        "Obligations by named period and bucket.",
        "barchart",
        (f"sum by (kind, period, bucket) (lofteskollen_fulfilment_obligations{{{INSIDE}}})",),
        legend="{{period}} {{bucket}}",
    ),
    Panel(
        "Försenat",
        "Obligations with something overdue.",
        "stat",
        (f"sum(lofteskollen_promise_overdue{{{INSIDE}}})",),
        legend="försenat",
    ),
    Panel(
        "Senaste rapport",
        "Since each source last reported.",
        "bargauge",
        (f"min by (municipality, organisation, source) (lofteskollen_feed_age_seconds{{{INSIDE}}})",),
        "s",
        "{{organisation}} {{source}}",
    ),
    Panel(
        "Löftena gäller till",
        "Until the last obligation ends.",
        "stat",
        ('min by (municipality) (lofteskollen_catalogue_remaining_seconds{municipality=~"$municipality"})',),
        "s",
        "{{municipality}}",
    ),
)
HTTP = "lofteskollen_http_request_duration_seconds"
MACHINE = (
    Panel("Tjänster", "1 while a service answers.", "stat", ('up{job="lofteskollen"}',)),
    Panel(
        "Delar",
        "1 while what a service stands on answers.",
        "stat",
        ("min by (service, part) (lofteskollen_part_up)",),
        legend="{{service}} {{part}}",
    ),
    Panel(
        "Rapporter",
        "Requests by class of status.",
        "timeseries",
        (f"sum by (service, status) (rate({HTTP}_count[5m])) or vector(0)",),
        "reqps",
        "{{service}} {{status}}",
    ),
    Panel(
        "Nekade",
        "Commands refused by code.",
        "timeseries",
        ("sum by (code) (rate(lofteskollen_activities_refused_total[5m])) or vector(0)",),
        "ops",
        "{{code}}",
    ),
    Panel(
        "Det som väntar",
        "Work that waits by kind.",
        "timeseries",
        ("max by (service, kind) (lofteskollen_pending)",),
        legend="{{service}} {{kind}}",
    ),
    Panel(
        "Äldsta väntan",
        "For how long the oldest has waited.",
        "timeseries",
        ("max by (service, kind) (lofteskollen_pending_oldest_age_seconds)",),
        "s",
        "{{service}} {{kind}}",
    ),
    Panel(
        "Bedömningar",
        "Seconds a transaction that judges takes (p99).",
        "timeseries",
        ("histogram_quantile(0.99, sum by (le) (rate(lofteskollen_evaluation_duration_seconds_bucket[5m])))",),
        "s",
        "p99",
    ),
    Panel(
        "Undanlagt",
        "Dead letters that wait, by reason.",
        "timeseries",
        ("max by (service, reason) (lofteskollen_dead_letters_waiting) or vector(0)",),
        legend="{{service}} {{reason}}",
    ),
    Panel("Brev", "Mails by state.", "timeseries", ("max by (state) (lofteskollen_mails)",), legend="{{state}}"),
    Panel(
        "Påminnelser",
        "Reminders by state.",
        "timeseries",
        ("max by (state) (lofteskollen_reminders)",),
        legend="{{state}}",
    ),
    Panel(
        "Ombyggnad",
        "Rows a running rebuild has read.",
        "timeseries",
        ("max(lofteskollen_rebuild_rows)",),
        legend="rows",
    ),
    Panel("Version", "What runs.", "table", ("lofteskollen_build_info",)),
)


def variable(name: str, query: str, label: str) -> Json:
    """A choice at the top of a dashboard."""
    return {"name": name, "label": label, "type": "query", "datasource": SOURCE, "query": query, "refresh": 2}


def panel(number: int, each: Panel, place: Json) -> Json:
    """A panel in its place."""
    table = each.kind == "table"
    mappings = [{"type": "value", "options": each.words}] if each.words else []
    return {
        "id": number,
        "title": each.title,
        "description": each.about,
        "type": each.kind,
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": each.unit, "mappings": mappings}, "overrides": []},
        "transformations": each.transformations,
        "targets": [
            {
                "refId": name,
                "expr": expression,
                "legendFormat": each.legend,
                "instant": table,
                "format": "table" if table else "time_series",
            }
            for name, expression in zip("ABC", each.expressions, strict=False)
        ],
    }


def placed(panels: Iterable[Panel]) -> Iterator[Json]:
    """The wide ones first, below each other, then two a row."""
    x = y = 0
    for number, each in enumerate(panels, 1):
        width, height = (24, 14) if each.wide else (12, 8)
        yield panel(number, each, {"x": x, "y": y, "w": width, "h": height})
        x, y = (x + width, y) if x + width < 24 else (0, y + height)  # noqa: PLR2004 - as wide as Grafana's grid


def dashboard(uid: str, title: str, since: str, panels: tuple[Panel, ...], *variables: Json) -> Json:
    """One dashboard; it shows what was from `since` until now."""
    source = {"name": "source", "label": "Källa", "type": "datasource", "query": "prometheus"}
    return {
        "uid": f"lofteskollen-{uid}",
        "title": title,
        "tags": ["lofteskollen"],
        "schemaVersion": 39,
        "timezone": "Europe/Stockholm",
        "refresh": "1m",
        "time": {"from": since, "to": "now"},
        "templating": {"list": [source, *variables]},
        "panels": list(placed(panels)),
    }


def made() -> dict[str, str]:
    """Each file's name and text."""
    audience = variable("audience", "label_values(lofteskollen_promise_standing, audience)", "Publik")
    where = variable("municipality", "label_values(lofteskollen_promise_standing, municipality)", "Kommun")
    found = {
        "loftena": dashboard("loftena", "Löftena", "now-1y", PROMISES, audience, where),
        "maskinen": dashboard("maskinen", "Maskinen", "now-24h", MACHINE),
    }
    return {f"{name}.json": json.dumps(each, ensure_ascii=False, indent=1) + "\n" for name, each in found.items()}


def main() -> int:
    """Write or check."""
    texts = made()
    if "--check" in sys.argv:
        stale = [name for name, text in texts.items() if (HERE / name).read_text(encoding="utf-8") != text]
        sys.stderr.write("".join(f"deploy/grafana/{name} is stale: run `make generate`\n" for name in stale))
        return 1 if stale else 0
    for name, text in texts.items():
        (HERE / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
