"""Serves the app with waitress until it is told to stop."""

import gc

from flask import Flask
from waitress.server import create_server

# Some wait for a chart to be drawn; the others go on.
THREADS = 6
# One byte more than the app itself refuses, so that its own words are what people read.
MAX_BODY = 32_000_000
IDLE_SECONDS = 30


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
