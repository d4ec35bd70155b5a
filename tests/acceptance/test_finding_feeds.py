"""`bot feeds add` with the address of a page."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.acceptance.conftest import Desk
from tests.acceptance.test_terminal import _typed

FEED = (
    "<rss version='2.0'><channel><title>{0}</title><item><title>{0} 1</title>"
    "<link>/{0}</link></item></channel></rss>"
)
LINK = '<link rel="alternate" type="application/rss+xml" title="{0}" href="/{0}.xml">'


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A site whose page names one feed, and another that names two."""
    folder = tmp_path / "site"
    folder.mkdir()
    for name in ("News", "Blog"):
        (folder / f"{name}.xml").write_text(FEED.format(name))
    (folder / "one.html").write_text(f"<!doctype html><head>{LINK.format('News')}</head>")
    both = LINK.format("News") + LINK.format("Blog")
    (folder / "two.html").write_text(f"<!doctype html><head>{both}</head>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_feed_behind_a_page_is_found(desk: Desk, url: str) -> None:
    """One feed is no question; where there are two, what to type is said and nothing is added."""
    one, two = desk.together(
        ["feeds", "add", f"{url}/one.html"], ["feeds", "test", f"{url}/two.html", "--json"]
    )
    listed = desk.bot("feeds", "list", "--json").json

    assert one.code == 0
    assert [row["url"] for row in listed] == [f"{url}/News.xml"]
    assert two.code == 2
    assert f"bot feeds add {url}/News.xml" in two.err
    assert f"{url}/Blog.xml  Blog" in two.err


def test_at_a_terminal_it_asks_which(desk: Desk, url: str) -> None:
    """The second is chosen by its number."""
    code, drawn = _typed(desk, "feeds", "add", f"{url}/two.html", answer="2\n", asked="Which one?")
    listed = desk.bot("feeds", "list", "--json").json

    assert code == 0
    assert "1  News" in drawn
    assert [row["url"] for row in listed] == [f"{url}/Blog.xml"]
