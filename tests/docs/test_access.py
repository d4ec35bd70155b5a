"""The built pages in a real browser: what axe finds, and whom they ask."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from web.driving import NARROW, PHONE, Open, sideways, violations

pytest_plugins = ["web.browser"]
# One of each kind: a start, things to type, long tables, a decision, and what is not there.
KINDS = ("index", "laptop", "troubleshooting", "decisions/0031-docs-as-a-site", "404")


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


@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing_on_a_page_and_it_asks_no_other_host(
    address: str, open_as: Open, name: str
) -> None:
    """At a desk, and at 320 pixels, where nothing may be wider."""
    window = open_as(address, reduced_motion="reduce")
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    page = window.go(f"/{name}.html")

    assert violations(page) == []
    window.resize(NARROW)
    assert sideways(page) <= 0
    assert [one for one in asked if not one.startswith(address)] == []
    assert len(asked) > 3


def test_axe_finds_nothing_on_a_phone(address: str, open_as: Open) -> None:
    """Where the menu is folded away."""
    page = open_as(address, size=PHONE, reduced_motion="reduce").go("/index.html")

    assert violations(page) == []
