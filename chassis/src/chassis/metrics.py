"""The machine's own figures, named by the Prometheus conventions."""

from prometheus_client import Counter, Gauge

OUTBOX_RELAYED = Counter("lofteskollen_outbox_relayed_total", "Events carried from the outbox to Kafka.")
RECORDS_CONSUMED = Counter("lofteskollen_records_consumed_total", "Records taken in, by topic.", ["topic"])
DEAD_LETTERS = Counter(
    "lofteskollen_dead_letters_total", "Records set aside, by topic and reason.", ["topic", "reason"]
)
PENDING = Gauge("lofteskollen_pending", "Work that waits, by kind.", ["kind"])
