"""What Alertmanager told whom: it calls this door as it would call those of people."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Word(NamedTuple):
    """One alert in a notification; `status` is `firing` or `resolved`, `which` tells alerts of one name apart."""

    receiver: str
    alert: str
    status: str
    which: str


class Told:
    """Listens on a port of its own; `words` grows in the order in which they came."""

    def __init__(self) -> None:
        words: list[Word] = []

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["content-length"])))
                words.extend(_word(said["receiver"], each) for each in said["alerts"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing is written."""

        self.words = words
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def open(self) -> set[str]:
        """The alerts of which nobody was told yet that they are over."""
        last = {word.which: word for word in self.words}
        return {word.alert for word in last.values() if word.status == "firing"}

    def stop(self) -> None:
        """Listen no longer."""
        self._server.shutdown()
        self._server.server_close()


def _word(receiver: str, alert: dict[str, Any]) -> Word:
    return Word(receiver, alert["labels"]["alertname"], alert["status"], alert["fingerprint"])
