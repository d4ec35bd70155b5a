"""A web site on loopback that answers as a test scripts it, over real sockets."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.intake.reader import Reader

ATOM = "application/atom+xml; charset=utf-8"


@dataclass
class Page:
    """One reply; `pause` seconds lie between its bytes, `cut` bytes of its end are missing."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    cut: int = 0


Answer = Page | Callable[[Message], Page]


@dataclass
class Site:
    """Pages by path, and the headers of every request, in order."""

    url: str = ""
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, Message]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def at(self, path: str) -> str:
        return f"{self.url}{path}"

    def put(self, path: str, answer: Answer) -> str:
        """Serve this from now on; the address."""
        self.pages[path] = answer
        return self.at(path)

    def feed(self, *entries: str, path: str = "/feed", title: str = "The site") -> str:
        """Serve an Atom feed of these entries; the address."""
        return self.put(path, Page(atom(*entries, title=title)))

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        return self.put(path, Page(status=status, headers={"Location": to}))


def atom(*entries: str, title: str = "The site") -> bytes:
    """An Atom feed with these entries, written newest first."""
    body = "".join(entries)
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title>{body}</feed>'
    ).encode()


def entry(
    number: int,
    title: str | None = None,
    link: str | None = None,
    key: str | None = None,
    at: str = "2026-12-01T10:00:00Z",
) -> str:
    """One Atom entry."""
    words = f"Article {number}" if title is None else title
    address = f"https://example.org/{number}" if link is None else link
    return (
        f"<entry><id>{key or f'tag:{number}'}</id><title>{words}</title>"
        f'<link href="{address}"/><published>{at}</published></entry>'
    )


class LastingReader(Reader):
    """A Reader whose process serves all tests: each would wait for one of its own."""

    def __exit__(self, *_: object) -> None:
        """Nothing; the fixture closes it."""


@pytest.fixture(scope="session")
def lasting_reader() -> Iterator[Reader]:
    reader = LastingReader(wall_seconds=60.0)  # a busy machine is no fault of theirs
    yield reader
    reader.close()


@pytest.fixture
def nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name but this machine's own leads anywhere: the articles' pages are on example.org."""
    real = socket.getaddrinfo

    def resolve(host: str, *given: object, **named: object) -> object:
        if host not in ("127.0.0.1", "localhost", "::1", ""):
            raise socket.gaierror(f"{host} is not on this machine")
        return real(host, *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.fixture
def site(socket_enabled: None, nowhere_else: None) -> Iterator[Site]:
    """A running site; its host must be allowed to be read."""
    served = Site()

    class Reply(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, self.headers))
            answer = served.pages.get(self.path, Page(b"nothing here", 404))
            page = answer if isinstance(answer, Page) else answer(self.headers)
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            self._write(page)

        def _write(self, page: Page) -> None:
            body = page.body[: len(page.body) - page.cut]
            try:
                if not page.pause:
                    self.wfile.write(body)
                    return
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    if served.stopping.wait(page.pause):
                        return
            except OSError:
                return  # The reader had enough.

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Reply)
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield served
    served.stopping.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def atom_feed() -> Callable[..., bytes]:
    return atom


@pytest.fixture
def one() -> Callable[..., str]:
    """Makes one Atom entry."""
    return entry


@pytest.fixture
def page() -> type[Page]:
    return Page
