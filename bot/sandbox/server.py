"""One Werkzeug server on loopback: keep-alive, no Nagle wait, one thread per connection.

Werkzeug closes every connection after one reply and waits 10 ms to drain it, so the part of its
request class that writes is replaced here. It refuses bodies over 16 MB, and it never listens on
any address but 127.0.0.1.
"""

import io
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Request

from bot.sandbox.wire import Reply, put

BODY_CAP = 16_000_000
IDLE_SECONDS = 120

Answer = Callable[[Request], Reply]


class Connection(WSGIRequestHandler):
    """Reads requests from one connection and writes replies until either side has had enough."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: "LoopbackServer"

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        """Answer one request. Werkzeug calls this for every method."""
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        environ = self.make_environ()
        body = self._body(environ)
        if body is None:
            self.close_connection = True
            self._put(Reply(413))
            return
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ.pop("wsgi.input_terminated", None)
        request = Request(environ)
        request.max_form_memory_size = BODY_CAP
        try:
            reply = self.server.answer(request)
        except HTTPException as refusal:
            reply = Reply(refusal.code or 400)
        finally:
            request.close()
        self._put(reply)

    def _body(self, environ: dict[str, Any]) -> bytes | None:
        """The whole request body, or None when it is over the cap."""
        if environ.get("wsgi.input_terminated"):
            body: bytes = io.BufferedReader(environ["wsgi.input"]).read(BODY_CAP + 1)
            return body if len(body) <= BODY_CAP else None
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > BODY_CAP:
            return None
        return self.rfile.read(int(length))

    def _put(self, reply: Reply) -> None:
        keep_alive = not self.close_connection
        data = reply.encode(self.date_time_string(), keep_alive, self.command == "HEAD")
        if not put(self.connection, reply, data, self.server.stopping):
            self.close_connection = True

    def log(self, *_: Any) -> None:
        """Keep quiet: a line per request would halve the speed and drown the demo."""


class LoopbackServer(ThreadedWSGIServer):
    """The listening socket and the threads behind it."""

    request_queue_size = 256

    def __init__(self, port: int, answer: Answer, stopping: threading.Event) -> None:
        # Bound here and handed over, because Werkzeug ends the whole program with sys.exit
        # when the port is taken.
        with socket.create_server(("127.0.0.1", port), backlog=self.request_queue_size) as bound:
            super().__init__("127.0.0.1", port, _no_wsgi, Connection, fd=bound.fileno())
        self.answer = answer
        self.stopping = stopping
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.02,), name="sandbox", daemon=True
        )

    def start(self) -> None:
        """Serve from a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, end every open connection and wait for the serving thread."""
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        with self._open_lock:
            remaining = list(self._open)
        for connection in remaining:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # The client was quicker.

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection so that stop can end it."""
        with self._open_lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection that has ended."""
        with self._open_lock:
            self._open.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client went away; complain about our own mistakes."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _no_wsgi(environ: Any, start_response: Any) -> Any:
    raise NotImplementedError("The sandbox answers through LoopbackServer.answer.")
