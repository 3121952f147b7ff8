"""The projector's figures. Standings carry `audience`; only `audience="public"` may leave the organisation."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

EVALUATED = Counter("lofteskollen_obligations_evaluated_total", "Obligations evaluated.")
EVALUATION_FAILURES = Counter("lofteskollen_evaluation_failures_total", "Evaluations that failed and are tried again.")
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


class Shown(Collector):
    """What the replica that holds the lease last worked out; the others show nothing, so that sums do not double."""

    def __init__(self) -> None:
        self._samples: Samples = {}

    def show(self, samples: Samples) -> None:
        """Replace everything at once."""
        self._samples = samples

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Render the last figures."""
        samples = self._samples
        for name, about, labels in FAMILIES:
            family = GaugeMetricFamily(name, about, labels=labels)
            for values, figure in samples.get(name, {}).items():
                family.add_metric(values, figure)
            yield family

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing is asked of it before there are figures."""
        return []


SHOWN = Shown()
REGISTRY.register(SHOWN)
