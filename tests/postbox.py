"""A web hook and a dead man's switch on loopback: keep what they are told, or refuse it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class _Door(BaseHTTPRequestHandler):
    server: "Postbox"

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(said)

    def do_GET(self) -> None:
        self._answer({})

    def _answer(self, said: dict[str, Any]) -> None:
        with self.server.came:
            self.server.kept.append((self.path, said))
            self.server.came.notify_all()
        self.send_response(self.server.answers)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing on standard error."""


class Postbox(ThreadingHTTPServer):
    """Listens while it is entered; `kept` is every path asked for with what was said."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Door)
        self.answers = 200
        self.kept: list[tuple[str, dict[str, Any]]] = []
        self.came = threading.Condition()

    @property
    def at(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
