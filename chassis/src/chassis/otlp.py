"""OpenTelemetry's SDK, which only the extra `otlp` installs; set up by its own environment variables."""

from threading import Thread

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

PATIENCE = 3.0


def begin(name: str) -> TracerProvider:
    """Send every span that ends from now on, in batches beside the work; what no collector takes is given up."""
    provider = TracerProvider(resource=Resource.create({"service.name": name}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider


def end(provider: TracerProvider) -> None:
    """Send what is left. The SDK waits half a minute for a collector that is away, and who stops a service kills it."""
    ending = Thread(target=provider.shutdown, daemon=True)
    ending.start()
    ending.join(PATIENCE)
