"""Whether spans go to a collector over OTLP: where the environment names one and the extra `otlp` is installed."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)
NAMED_BY = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Either switches it on; these and all others are OpenTelemetry's own variables."""


@contextmanager
def spans(service: str) -> Iterator[None]:
    """Export what is done inside, under the service's name unless OTEL_SERVICE_NAME gives another."""
    if not any(os.environ.get(name) for name in NAMED_BY):
        yield
        return
    try:
        from chassis import otlp  # noqa: PLC0415 - an image without the extra does not have what it imports
    except ImportError:
        log.warning("spans not exported", extra={"detail": "install lofteskollen-chassis[otlp], or name no endpoint"})
        yield
        return
    name = os.environ.get("OTEL_SERVICE_NAME") or f"lofteskollen-{service}"
    provider = otlp.begin(name)
    log.info("spans exported", extra={"service_name": name})
    try:
        yield
    finally:
        otlp.end(provider)
