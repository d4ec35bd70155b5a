"""The built pages in a real browser: what axe finds, and whom they ask."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from web.driving import DESKTOP, NARROW, PHONE, Open, sideways, violations

pytest_plugins = ["web.browser"]
# One of each kind: a start, things to type, wide tables, and what is not there.
KINDS = {"index": DESKTOP, "laptop": PHONE, "volunteers": PHONE, "404": DESKTOP}


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is, as a web server shows it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_axe_finds_nothing_and_no_other_host_is_asked(address: str, open_as: Open) -> None:
    """At a desk, on a phone, where the menu is folded away, and at 320 pixels."""
    window = open_as(address, reduced_motion="reduce")
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    found = []
    for name, size in KINDS.items():
        window.resize(size)
        page = window.go(f"/{name}.html")
        found += [f"{name}: {said}" for said in violations(page)]
        window.resize(NARROW)
        found += [f"{name} is wider than {NARROW}"] if sideways(page) > 0 else []

    assert found == []
    assert [one for one in asked if not one.startswith(address)] == []
    assert len(asked) > 3 * len(KINDS)
