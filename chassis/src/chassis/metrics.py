"""The machine's own figures, named by the Prometheus conventions; no label names a person, a mailbox or a report."""

from prometheus_client import Counter, Gauge, Histogram

OUTBOX_RELAYED = Counter("lofteskollen_outbox_relayed_total", "Events carried from the outbox to Kafka.")
RECORDS_CONSUMED = Counter("lofteskollen_records_consumed_total", "Records taken in, by topic.", ["topic"])
DEAD_LETTERS = Counter(
    "lofteskollen_dead_letters_total", "Records set aside, by topic and reason.", ["topic", "reason"]
)
DEAD_LETTERS_WAITING = Gauge(
    "lofteskollen_dead_letters_waiting", "Records set aside that nobody replayed or discarded, by reason.", ["reason"]
)
PENDING = Gauge("lofteskollen_pending", "Work that waits, by kind.", ["kind"])
OLDEST = Gauge(
    "lofteskollen_pending_oldest_age_seconds",
    "For how long the oldest piece of work has waited, by kind; absent while it cannot be asked.",
    ["kind"],
)
PART_UP = Gauge("lofteskollen_part_up", "Whether what the service stands on answers: 1 or 0.", ["part"])
BUILD = Gauge("lofteskollen_build_info", "The running version; always 1.", ["service", "version"])
REQUESTS = Histogram(
    "lofteskollen_http_request_duration_seconds",
    "Answered requests by method, route and class of status.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
BACKUP_AGE = Gauge("lofteskollen_backup_age_seconds", "Since the last good backup, where a stamp is named.", ["stamp"])
