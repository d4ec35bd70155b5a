"""Serves the app with waitress until it is told to stop; what is under way is finished first."""

import gc
import threading
from typing import Any

import structlog
from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.trigger import trigger

from bot.clock import monotonic
from bot.web.turns import THREADS

log = structlog.get_logger()
# One byte more than the app itself refuses, so that its own words are what people read.
MAX_BODY = 32_000_000
IDLE_SECONDS = 30
# Hosts give a program half a minute or less between asking it to end and ending it.
GRACE_SECONDS = 10.0
POLL_SECONDS = 1.0
DRAIN_POLL_SECONDS = 0.05


def server(app: Flask, host: str, port: int):  # type: ignore[no-untyped-def]  # waitress is untyped
    """A server that listens already; `run` serves, `close` ends it."""
    # What stands when it starts stays to its end: no later search for garbage goes through it,
    # which would stop every page for as long as some take.
    gc.collect()
    gc.freeze()
    return create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident="campaign",
        max_request_body_size=MAX_BODY,
        channel_timeout=IDLE_SECONDS,
        clear_untrusted_proxy_headers=False,
    )


def address(serving: Any) -> tuple[str, int]:
    """Where it listens; the first place, where a name stands for several."""
    places = getattr(serving, "effective_listen", None)
    host, port = places[0] if places else (serving.effective_host, serving.effective_port)
    return host, int(port)


class Serving:
    """The server at work until `stop`; then requests under way are finished, and no others."""

    def __init__(self, server: Any, grace_seconds: float = GRACE_SECONDS) -> None:
        self._server = server
        self._grace = grace_seconds
        self._stopping = threading.Event()
        # Waitress keeps under one name or the other all that it watches, by file number.
        self._watched: dict[int, Any] = server.map if hasattr(server, "map") else server._map  # noqa: SLF001

    def stop(self) -> None:
        """Let go, from a signal too; asked a second time it ends at once (KeyboardInterrupt)."""
        if self._stopping.is_set():
            raise KeyboardInterrupt
        self._stopping.set()
        self._wake()

    def run(self) -> bool:
        """Serve until stopped; whether all that was under way was finished in time."""
        try:
            while not self._stopping.is_set():
                self._look(POLL_SECONDS)
            return self._drain()
        finally:
            # Its threads are daemons: one that hangs does not keep the program from ending.
            self._server.task_dispatcher.shutdown(timeout=0.2)
            wasyncore.close_all(self._watched, ignore_all=True)

    def _drain(self) -> bool:
        self._look(0)  # who has knocked already is let in
        for one in self._of(BaseWSGIServer):
            one.accepting = False
            wasyncore.dispatcher.close(one)
        over = monotonic() + self._grace
        while busy := [one for one in self._of(HTTPChannel) if self._let_go(one)]:
            if monotonic() > over:
                log.warning("requests cut off", action="stop", requests=len(busy))
                return False
            self._look(DRAIN_POLL_SECONDS)
        return True

    def _let_go(self, connection: Any) -> bool:
        """Whether something is still under way there; where not, it is closed when next seen."""
        if connection.requests or connection.request is not None or connection.total_outbufs_len:
            return True
        connection.will_close = True
        return False

    def _of(self, kind: type) -> list[Any]:
        return [one for one in self._watched.values() if isinstance(one, kind)]

    def _look(self, seconds: float) -> None:
        wasyncore.poll(seconds, self._watched)

    def _wake(self) -> None:
        for one in self._of(trigger):
            one.pull_trigger()
            return
