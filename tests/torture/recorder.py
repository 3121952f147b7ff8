"""What was asked and what was answered, appended and on disk before anything follows from it."""

import json
import os
from pathlib import Path
from typing import Any


class Recorder:
    """`asked[event_id]` is what was sent; `said[event_id]` every definite answer, in order; no answer is unknown."""

    def __init__(self, place: Path) -> None:
        self.asked: dict[str, dict[str, Any]] = {}
        self.said: dict[str, list[dict[str, Any]]] = {}
        self._file = place.open("a", encoding="utf-8")

    def ask(self, event_id: str, **what: Any) -> None:  # noqa: ANN401
        self.asked.setdefault(event_id, what)
        self._append({"ask": event_id, **what})

    def answer(self, event_id: str, outcome: str, **what: Any) -> None:  # noqa: ANN401
        if outcome != "unknown":
            self.said.setdefault(event_id, []).append({"outcome": outcome, **what})
        self._append({"answer": event_id, "outcome": outcome, **what})

    def outcome(self, event_id: str) -> str:
        """Ok, refused or unknown."""
        said = self.said.get(event_id)
        return said[0]["outcome"] if said else "unknown"

    def ids(self, outcome: str) -> set[str]:
        return {event_id for event_id in self.asked if self.outcome(event_id) == outcome}

    def close(self) -> None:
        self._file.close()

    def _append(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
