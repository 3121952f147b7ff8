"""The dashboards as code: this writes their JSON; `--check` says whether what is written is stale."""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
Json = dict[str, Any]
SOURCE = {"type": "prometheus", "uid": "${source}"}
INSIDE = 'audience="$audience", municipality=~"$municipality"'


class Panel(NamedTuple):
    """A panel: a Swedish title, an English description, one expression."""

    title: str
    about: str
    kind: str
    expression: str
    unit: str = "short"
    legend: str = "{{service}}"


WHOSE = "{{municipality}} {{obligation}}"
PROMISES = (
    Panel(
        "Hur varje löfte står",
        "The bucket of every obligation now.",
        "table",
        f"max by (municipality, obligation, standing) (lofteskollen_promise_standing{{{INSIDE}}} == 1)",
    ),
    Panel(
        "Vad som saknas",
        "How many of what is needed are not there yet.",
        "table",
        f"max by (municipality, obligation) (lofteskollen_promise_missing{{{INSIDE}}})",
    ),
    Panel(
        "Dagar kvar",
        "Days to the next unmet last day.",
        "table",
        f"min by (municipality, obligation) (lofteskollen_promise_deadline_seconds{{{INSIDE}}}) / 86400",
        "d",
    ),
    Panel(
        "Årsremsa",
        "The bucket of every obligation over time.",
        "state-timeline",
        f"max by (municipality, obligation, standing) (lofteskollen_promise_standing{{{INSIDE}}} == 1)",
        legend=WHOSE + " {{standing}}",
    ),
    Panel(
        "Uppfyllelse",
        "Obligations by named period and bucket.",
        "barchart",
        f"sum by (kind, period, bucket) (lofteskollen_fulfilment_obligations{{{INSIDE}}})",
        legend="{{period}} {{bucket}}",
    ),
    Panel(
        "Försenat",
        "Obligations with something overdue.",
        "stat",
        f"sum(lofteskollen_promise_overdue{{{INSIDE}}})",
        legend="försenat",
    ),
    Panel(
        "Senaste rapport",
        "Since each source last reported.",
        "bargauge",
        f"min by (municipality, organisation, source) (lofteskollen_feed_age_seconds{{{INSIDE}}})",
        "s",
        "{{organisation}} {{source}}",
    ),
    Panel(
        "Löftena gäller till",
        "Until the last obligation ends.",
        "stat",
        'min by (municipality) (lofteskollen_catalogue_remaining_seconds{municipality=~"$municipality"})',
        "s",
        "{{municipality}}",
    ),
)
HTTP = "lofteskollen_http_request_duration_seconds"
MACHINE = (
    Panel("Tjänster", "1 while a service answers.", "stat", 'up{job="lofteskollen"}'),
    Panel(
        "Delar",
        "1 while what a service stands on answers.",
        "stat",
        "min by (service, part) (lofteskollen_part_up)",
        legend="{{service}} {{part}}",
    ),
    Panel(
        "Rapporter",
        "Requests by class of status.",
        "timeseries",
        f"sum by (service, status) (rate({HTTP}_count[5m])) or vector(0)",
        "reqps",
        "{{service}} {{status}}",
    ),
    Panel(
        "Nekade",
        "Commands refused by code.",
        "timeseries",
        "sum by (code) (rate(lofteskollen_activities_refused_total[5m])) or vector(0)",
        "ops",
        "{{code}}",
    ),
    Panel(
        "Det som väntar",
        "Work that waits by kind.",
        "timeseries",
        "sum by (service, kind) (lofteskollen_pending)",
        legend="{{service}} {{kind}}",
    ),
    Panel(
        "Äldsta väntan",
        "For how long the oldest has waited.",
        "timeseries",
        "max by (service, kind) (lofteskollen_pending_oldest_age_seconds)",
        "s",
        "{{service}} {{kind}}",
    ),
    Panel(
        "Bedömningar",
        "Seconds a transaction that judges takes (p99).",
        "timeseries",
        "histogram_quantile(0.99, sum by (le) (rate(lofteskollen_evaluation_duration_seconds_bucket[5m])))",
        "s",
        "p99",
    ),
    Panel(
        "Undanlagt",
        "Dead letters that wait, by reason.",
        "timeseries",
        "sum by (service, reason) (lofteskollen_dead_letters_waiting) or vector(0)",
        legend="{{service}} {{reason}}",
    ),
    Panel("Brev", "Mails by state.", "timeseries", "sum by (state) (lofteskollen_mails)", legend="{{state}}"),
    Panel(
        "Påminnelser",
        "Reminders by state.",
        "timeseries",
        "sum by (state) (lofteskollen_reminders)",
        legend="{{state}}",
    ),
    Panel(
        "Ombyggnad", "Rows a running rebuild has read.", "timeseries", "max(lofteskollen_rebuild_rows)", legend="rows"
    ),
    Panel("Version", "What runs.", "table", "lofteskollen_build_info"),
)


def variable(name: str, query: str, label: str) -> Json:
    """A choice at the top of a dashboard."""
    return {"name": name, "label": label, "type": "query", "datasource": SOURCE, "query": query, "refresh": 2}


def panel(number: int, each: Panel) -> Json:
    """A panel in its place, two a row."""
    return {
        "id": number + 1,
        "title": each.title,
        "description": each.about,
        "type": each.kind,
        "datasource": SOURCE,
        "gridPos": {"x": number % 2 * 12, "y": number // 2 * 8, "w": 12, "h": 8},
        "fieldConfig": {"defaults": {"unit": each.unit}, "overrides": []},
        "targets": [
            {
                "refId": "A",
                "expr": each.expression,
                "legendFormat": each.legend,
                "instant": each.kind == "table",
                "format": "table" if each.kind == "table" else "time_series",
            }
        ],
    }


def dashboard(uid: str, title: str, panels: tuple[Panel, ...], *variables: Json) -> Json:
    """One dashboard."""
    source = {"name": "source", "label": "Källa", "type": "datasource", "query": "prometheus"}
    return {
        "uid": f"lofteskollen-{uid}",
        "title": title,
        "tags": ["lofteskollen"],
        "schemaVersion": 39,
        "timezone": "Europe/Stockholm",
        "refresh": "1m",
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [source, *variables]},
        "panels": [panel(number, each) for number, each in enumerate(panels)],
    }


def made() -> dict[str, str]:
    """Each file's name and text."""
    audience = variable("audience", "label_values(lofteskollen_promise_standing, audience)", "Publik")
    where = variable("municipality", "label_values(lofteskollen_promise_standing, municipality)", "Kommun")
    found = {
        "loftena": dashboard("loftena", "Löftena", PROMISES, audience, where),
        "maskinen": dashboard("maskinen", "Maskinen", MACHINE),
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
