"""The web server lets go as it should: what is under way is finished, nothing new begins."""

import http.client
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from bot.web.serving import Serving, address, server

SECONDS = 10
# Less than the page takes that answers when it is told to.
PATIENCE = 4


@dataclass
class Slow:
    """A server with one page that answers when it is told to."""

    serving: Serving
    port: int
    reached: threading.Event
    go_on: threading.Event
    thread: threading.Thread = field(init=False)
    finished: list[bool] = field(default_factory=list)
    made: list[http.client.HTTPConnection] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        self.finished.append(self.serving.run())

    def connection(self) -> http.client.HTTPConnection:
        made = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self.made.append(made)
        return made

    def refuses(self) -> bool:
        """Whether nobody new is let in; asked until it is so."""
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                return True
            self.thread.join(0.02)
        return False


@pytest.fixture
def slow(request: pytest.FixtureRequest) -> Iterator[Slow]:
    reached, go_on = threading.Event(), threading.Event()
    app = Flask(__name__)

    @app.get("/")
    def page() -> str:
        reached.set()
        go_on.wait(SECONDS)
        return "all of it " * 100_000

    @app.get("/quick")
    def quick() -> str:
        return "quick"

    listening: Any = server(app, "127.0.0.1", 0)
    made = Slow(
        Serving(listening, getattr(request, "param", SECONDS)),
        address(listening)[1],
        reached,
        go_on,
    )
    yield made
    for connection in made.made:
        connection.close()
    go_on.set()
    made.thread.join(SECONDS)
    assert not made.thread.is_alive()


def test_a_request_under_way_is_answered_whole_and_nobody_new_is_let_in(slow: Slow) -> None:
    """A volunteer's click is not lost because somebody upgrades."""
    asking, idle = slow.connection(), slow.connection()
    idle.request("GET", "/quick")
    idle.getresponse().read()
    asking.request("GET", "/")
    assert slow.reached.wait(SECONDS)
    slow.serving.stop()

    assert slow.refuses()
    assert b"" == idle.sock.recv(1)  # kept open by a browser: closed, nothing was under way there
    slow.go_on.set()
    answer = asking.getresponse()
    assert (200, 1_000_000) == (answer.status, len(answer.read()))
    slow.thread.join(SECONDS)
    assert [True] == slow.finished


def test_a_form_that_is_still_on_its_way_is_taken(slow: Slow) -> None:
    """Half of it had come."""
    with socket.create_connection(("127.0.0.1", slow.port), SECONDS) as line:
        line.sendall(b"GET /quick HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        idle = slow.connection()
        idle.request("GET", "/quick")
        idle.getresponse().read()  # by now the server has read the first half as well
        slow.serving.stop()
        assert slow.refuses()
        line.sendall(b"Connection: close\r\n\r\n")
        said = b"".join(iter(lambda: line.recv(4096), b""))
    slow.thread.join(SECONDS)

    assert said.endswith(b"quick")
    assert [True] == slow.finished


@pytest.mark.parametrize("slow", [0.2], indirect=True)
def test_what_never_ends_is_cut_off(slow: Slow) -> None:
    """The machine would end it anyway."""
    asking = slow.connection()
    asking.request("GET", "/")
    assert slow.reached.wait(SECONDS)
    slow.serving.stop()
    slow.thread.join(SECONDS)

    assert [False] == slow.finished
    with pytest.raises((OSError, http.client.HTTPException)):
        asking.getresponse()


def test_asked_twice_it_ends_at_once(slow: Slow) -> None:
    """Somebody presses Ctrl-C again."""
    slow.serving.stop()
    with pytest.raises(KeyboardInterrupt):
        slow.serving.stop()


def test_a_name_of_several_places_is_listened_to_at_each() -> None:
    """`--host localhost` may be two."""
    listening = server(Flask(__name__), "localhost", 0)
    host, port = address(listening)
    serving = Serving(listening)
    serving.stop()

    assert host in {"127.0.0.1", "::1"}
    assert port > 0
    assert serving.run()
