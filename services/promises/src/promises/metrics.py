"""The projector's figures. Standings carry `audience`; only `audience="public"` may leave the organisation."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from prometheus_client import Counter, Gauge, Histogram, generate_latest

EVALUATED = Counter("lofteskollen_obligations_evaluated_total", "Obligations evaluated.")
EVALUATION_FAILURES = Counter("lofteskollen_evaluation_failures_total", "Evaluations that failed and are tried again.")
FAILING = Gauge("lofteskollen_obligations_failing", "Obligations whose last evaluation failed.")
FREEZING_FAILURES = Counter("lofteskollen_freezing_failures_total", "Collections of a report that failed.")
EVALUATION_SECONDS = Histogram(
    "lofteskollen_evaluation_duration_seconds",
    "How long a transaction that judges some obligations took.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
NOTICES = Counter("lofteskollen_notices_total", "Stages told to owners, by stage.", ["stage"])
EVIDENCE = Gauge("lofteskollen_evidence_rows", "Rows of evidence ever taken in; what a rebuild works towards.")
REBUILT = Gauge("lofteskollen_rebuild_rows", "Rows of evidence a running rebuild has read; 0 while there is none.")

Labels = tuple[str, ...]
WHOSE = ("audience", "municipality", "obligation")


class Family(NamedTuple):
    """A gauge whose samples are replaced together."""

    name: str
    about: str
    labels: Labels


STANDING = Family(
    "lofteskollen_promise_standing", "1 for the bucket an obligation stands in, else 0.", (*WHOSE, "standing")
)
OVERDUE = Family("lofteskollen_promise_overdue", "1 while something promised is overdue, else 0.", WHOSE)
AT_RISK = Family("lofteskollen_promise_at_risk", "1 while something unmet is at risk, else 0.", WHOSE)
MISSING = Family("lofteskollen_promise_missing", "How many of what is needed are not there yet.", WHOSE)
DEADLINE = Family(
    "lofteskollen_promise_deadline_seconds", "Until the end of the next last day that is unmet; absent without.", WHOSE
)
FULFILMENT = Family(
    "lofteskollen_fulfilment_obligations",
    "Obligations with a number from the leaflet, by named period and bucket.",
    ("audience", "municipality", "kind", "period", "bucket"),
)
FEED_AGE = Family(
    "lofteskollen_feed_age_seconds",
    "Since the last report of a source; the public one since the last that was public at once.",
    ("audience", "municipality", "organisation", "source"),
)
CATALOGUE = Family(
    "lofteskollen_catalogue_remaining_seconds", "Until the last obligation of a municipality ends.", ("municipality",)
)
FAMILIES = (
    STANDING,
    OVERDUE,
    AT_RISK,
    MISSING,
    DEADLINE,
    FULFILMENT,
    FEED_AGE,
    CATALOGUE,
)
Samples = Mapping[str, Mapping[Labels, float]]
ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


class Shown:
    """What the replica that holds the lease last worked out; the others show nothing, so that sums do not double."""

    def __init__(self) -> None:
        self._samples: Samples = {}

    def show(self, samples: Samples) -> None:
        """Replace everything at once."""
        self._samples = samples

    def text(self) -> bytes:
        """The last figures in the text format; the library's own way takes several times as long for so many."""
        samples = self._samples
        return "".join([_rendered(each, samples.get(each.name, {})) for each in FAMILIES]).encode()


def _rendered(family: Family, samples: Mapping[Labels, float]) -> str:
    name, about, labels = family
    line = name + "{" + ",".join(f'{label}="%s"' for label in labels) + "} %s\n"
    lines = [line % (*map(_escaped, values), figure) for values, figure in samples.items()]
    return f"# HELP {name} {about}\n# TYPE {name} gauge\n{''.join(lines)}"


@lru_cache(maxsize=4096)
def _escaped(value: str) -> str:
    return value.translate(ESCAPED)


SHOWN = Shown()


def exposed() -> bytes:
    """Every figure there is."""
    return generate_latest() + SHOWN.text()
