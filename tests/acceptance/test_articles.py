"""A site's article on its way to both timelines, through the real command."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.acceptance.conftest import Desk

QUOTE = "The river defenders had been held without trial for 914 days for opposing an iron mine."
FURNITURE = (
    *("Skip to main content", "Donate", "newsletter", "cookies", "Read more", "Photo:", "Share"),
    *("By Ana", "All rights reserved", "appeared first on"),
)
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>RIVER DEFENDERS FREED IN HONDURAS | Herald</title>
<meta property="og:site_name" content="Herald">
<meta property="og:description" content="Families sang outside the prison. They were told to …">
</head><body><a href="#main">Skip to main content</a>
<div class="banner"><p>We use cookies. Accept all cookies</p></div><nav><a href="/">Home</a></nav>
<main id="main"><article><h1>RIVER DEFENDERS FREED IN HONDURAS</h1><p>By Ana López</p>
<figure><img src="/a.jpg"><figcaption>Photo: A. N. Other</figcaption></figure>
<p>{QUOTE}</p><p>Share this article</p><p>Read more: <a href="/2">The dam</a></p>
<p>Sign up for our newsletter.</p><div class="donate-box"><p>Donate now to keep us free.</p></div>
</article></main><footer>All rights reserved</footer></body></html>"""
ITEM = (
    "<item><guid>{number}</guid><title>{title}</title><link>{url}/{number}.html?utm_source=rss</link>"
    "<description>Read more. The post {title} appeared first on Herald.</description></item>"
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A site with a feed of two articles and their pages."""
    folder = tmp_path / "site"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    address = f"http://127.0.0.1:{server.server_port}"
    made = (
        ITEM.format(number=1, title="RIVER DEFENDERS FREED IN HONDURAS", url=address),
        ITEM.format(number=2, title="Sport: a river race", url=address),
    )
    feed = f"<rss version='2.0'><channel><title>Herald: all</title>{''.join(made)}</channel></rss>"
    (folder / "feed.xml").write_text(feed)
    (folder / "1.html").write_text(PAGE, encoding="utf-8")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield address
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_is_offered_when_a_feed_is_added_can_be_posted_and_has_no_furniture(
    desk: Desk, url: str
) -> None:
    """Nothing goes out by adding; the command that is shown works; the posts are the article's."""
    added = desk.bot(
        *("feeds", "add", f"{url}/feed.xml", "--name", "herald"),
        *("--exclude", "sport", "--max-per-day", "2", "--label", "rivers"),
    )
    desk.once()
    before = desk.texts("x") + desk.texts("facebook")
    command = re.search(r"To post one now: bot (feeds post herald) (\d+)", added.out)
    assert command is not None
    posted = desk.bot(*command[1].split(), command[2])
    desk.once()
    story, listed = desk.together(["show", "P1"], ["feeds", "list"])

    (x,), (facebook,) = desk.texts("x"), desk.texts("facebook")
    assert (added.code, posted.code, before) == (0, 0, [])
    assert "By its rules it would be left out: It has “sport”" in added.out
    assert x.startswith("River defenders freed in Honduras\n\nFamilies sang outside the prison.")
    assert x.endswith(f"\n\n#Honduras\n\n{url}/1.html")
    assert facebook.startswith("River defenders freed in Honduras\n\nFamilies sang outside the")
    assert f"“{QUOTE}”" in x
    assert f"“{QUOTE}”" in facebook
    assert [word for word in FURNITURE if word in x or word in facebook] == []
    assert "Its words come from its page." in story.out
    assert "it quotes a sentence from the first paragraph" in story.out
    assert "Never with: sport." in listed.out
    assert "At most a day: 2." in listed.out


def test_a_feed_can_be_tried_changed_and_looked_up(desk: Desk, url: str) -> None:
    """The screens a volunteer sees, and the mistakes one makes."""
    desk.bot("feeds", "add", f"{url}/feed.xml", "--name", "herald")
    tried, machine, changed, wrong, nothing = desk.together(
        ["feeds", "test", f"{url}/feed.xml", "--exclude", "race"],
        ["feeds", "test", f"{url}/feed.xml", "--json"],
        ["feeds", "set", "herald", "--queue", "--hashtag", "race=#Race"],
        ["feeds", "set", "herald", "--quiet-hours", "late"],
        ["feeds", "post", "herald", "99"],
    )

    assert tried.code == machine.code == changed.code == 0
    assert [entry["decision"] for entry in machine.json["items"]] == ["seen", "seen"]
    assert "Would only be remembered: It has been seen before." in tried.out
    assert "herald: new articles straight to the queue." in changed.out
    assert "Hashtags: #Race." in changed.out
    assert wrong.code == 2
    assert "quiet_hours: write hours such as" in wrong.err
    assert (nothing.code, "has no article 99" in nothing.err) == (2, True)
