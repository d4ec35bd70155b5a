"""Feeds made to hurt whoever reads them, and a server that serves them, for `bench/feeds`.

Each is served beside two honest feeds on hosts of their own, which must bring their new article all
the same. Everything stays on loopback.
"""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HONEST = {"127.0.0.2": "first", "127.0.0.3": "second"}
REBINDING = "rebinding.example.org"
RSS = '<rss version="2.0"><channel><title>Hostile</title>{}</channel></rss>'
Send = Callable[[BaseHTTPRequestHandler], None]


def honest(name: str, *numbers: int) -> bytes:
    """An RSS feed with these articles."""
    rows = "".join(
        f"<item><guid isPermaLink='false'>{name} {n}</guid><title>{name} article {n}</title>"
        f"<link>https://example.org/{name}/{n}</link></item>"
        for n in numbers
    )
    return RSS.format(rows).encode()


def _body(body: bytes, **headers: str) -> Send:
    def send(reply: BaseHTTPRequestHandler) -> None:
        reply.send_response(200)
        for name, value in headers.items():
            reply.send_header(name.replace("_", "-"), value)
        reply.send_header("Content-Length", str(len(body)))
        reply.end_headers()
        reply.wfile.write(body)

    return send


def _drip(reply: BaseHTTPRequestHandler) -> None:
    reply.send_response(200)
    reply.end_headers()
    stop = threading.Event()
    while not stop.wait(0.05):
        reply.wfile.write(b" ")


def _redirect(to: str) -> Send:
    def send(reply: BaseHTTPRequestHandler) -> None:
        reply.send_response(302)
        reply.send_header("Location", to)
        reply.send_header("Content-Length", "0")
        reply.end_headers()

    return send


def _row(n: int) -> str:
    return (
        f"<item><guid isPermaLink='false'>{n}</guid><title>Article {n}</title>"
        f"<link>https://example.org/{n}</link><description>{'Words. ' * 20}</description></item>"
    )


BOMB = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>' + RSS.format(
    f"<item><title>{'&a;' * 2000}</title></item>"
)
CASES: dict[str, Callable[[], Send]] = {
    "entity bomb, 106 KB": lambda: _body(BOMB.encode()),
    "entity bomb in UTF-16": lambda: _body(BOMB.encode("utf-16")),
    "200,000 nested tags": lambda: _body(RSS.format("<item><title>" + "<b>" * 200_000).encode()),
    "60 MB in a small gzip": lambda: _body(
        gzip.compress(b"<rss>" + b" " * 60_000_000), Content_Encoding="gzip"
    ),
    "endless drip": lambda: _drip,
    "redirect to 169.254.169.254": lambda: _redirect("http://169.254.169.254/latest/meta-data/"),
    "rebinding name": lambda: _redirect(f"http://{REBINDING}/feed"),
    "10,000 items": lambda: _body(RSS.format("".join(map(_row, range(10_000)))).encode()),
    "5 MB title": lambda: _body(
        RSS.format(f"<item><guid>1</guid><title>{'a' * 4_900_000}</title></item>").encode()
    ),
    "a name of 1 MB": lambda: _body(
        RSS.format(f"<item><guid>1</guid><author>{'a' * 1_000_000}</author></item>").encode()
    ),
    "100,000 brackets of JSON": lambda: _body(b'{"items":' + b"[" * 100_000),
}


@contextmanager
def served(hostile: Send) -> Iterator[tuple[int, list[str]]]:
    """Serve hostile and honest feeds by host name; the port, and the hosts asked for, in order.

    After the first request each honest feed has one more article.
    """
    asked: list[str] = []

    class Reply(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            seen = asked.count(host)
            asked.append(host)
            with suppress(OSError):  # the reader had enough
                if host in HONEST:
                    numbers = (1, 2) if seen else (1,)
                    _body(honest(HONEST[host], *numbers))(self)
                elif seen:
                    hostile(self)
                else:
                    _body(honest("once honest", 1))(self)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("", 0), Reply)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, asked
    server.shutdown()
