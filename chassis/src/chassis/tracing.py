"""Which trace a piece of work belongs to, as the header `traceparent` says it (W3C Trace Context)."""

import asyncio
import contextvars
import logging
from collections.abc import Collection, Coroutine, Sequence
from contextlib import AbstractContextManager
from secrets import randbits
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

A_LINE = 100
"""How many trace ids stand in one line: with more, a collector of logs may cut it."""

_TRACER = trace.get_tracer("lofteskollen")
_PROPAGATOR = TraceContextTextMapPropagator()


def begun(event: str, traceparent: str | None) -> Span:
    """A span that continues this trace, or begins one where there is none or its header is malformed."""
    span = _TRACER.start_span(event, _PROPAGATOR.extract({"traceparent": traceparent or ""}))
    if span.get_span_context().is_valid:
        return span
    return NonRecordingSpan(SpanContext(randbits(128) or 1, randbits(64) or 1, is_remote=False))


def within(span: Span, *, ends: bool = False) -> AbstractContextManager[Span]:
    """What is done and logged inside belongs to the span. What a fault says is for the log, not for the collector."""
    return trace.use_span(span, end_on_exit=ends, record_exception=False, set_status_on_exception=False)


def work(event: str, traceparent: str | None) -> AbstractContextManager[Span]:
    """Work that continues a trace, or begins one, from its beginning to its end."""
    return within(begun(event, traceparent), ends=True)


def current(span: Span | None = None) -> str | None:
    """The `traceparent` of a span, or of what is done now; None outside every trace."""
    about = (span or trace.get_current_span()).get_span_context()
    return f"00-{about.trace_id:032x}-{about.span_id:016x}-{about.trace_flags:02x}" if about.is_valid else None


def shared(log: logging.Logger, event: str, traces: Collection[str], since: int, **fields: Any) -> None:  # noqa: ANN401
    """Log, and export where that is set up, what was done for several traces at once since a `time_ns`."""
    ids = list({each[3:35] for each in traces})
    for first in range(0, len(ids) or 1, A_LINE):
        log.info(event, extra=fields | _named(ids[first : first + A_LINE]))
    if not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        for each in traces:
            parent = _PROPAGATOR.extract({"traceparent": each})
            _TRACER.start_span(event, parent, attributes=fields, start_time=since).end()


def _named(ids: Sequence[str]) -> dict[str, Any]:
    if len(ids) > 1:
        return {"trace_ids": ids}
    return {"trace_id": ids[0]} if ids else {}


def apart(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task in no trace: it serves others than whoever happened to start it, or for longer."""
    return asyncio.create_task(work, context=contextvars.Context())


class Traced:
    """Around a public app: every request continues its caller's trace, unless the framework did so already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; two headers of that name are malformed together."""
        if scope["type"] != "http" or current():
            await self._app(scope, receive, send)
            return
        with work("request", ",".join(Headers(scope=scope).getlist("traceparent"))):
            await self._app(scope, receive, send)
