"""JSON lines on standard error: a time, a level, a stable event name and its fields."""

import json
import logging
import sys
from datetime import UTC, datetime

from opentelemetry import trace

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


class JsonFormatter(logging.Formatter):
    """One object a line; the trace it belongs to and `extra` fields stand beside the event's name."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record as JSON."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        about = trace.get_current_span().get_span_context()
        if about.is_valid:
            line["trace_id"] = trace.format_trace_id(about.trace_id)
        line |= {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: int = logging.INFO) -> None:
    """Send everything this process logs through the formatter; chatty libraries speak from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("aiokafka", "faststream", "uvicorn.access", "httpx"):
        chatty = logging.getLogger(name)
        chatty.setLevel(logging.WARNING)
        chatty.handlers, chatty.propagate = [], True  # FastStream brings a handler of its own, which writes in colours
