"""The sandbox's own feed."""

import feedparser
import pytest
import requests

from bot.sandbox import Sandbox

from .conftest import HandClock


def test_an_article_appears_in_the_feed(sandbox: Sandbox) -> None:
    """Newest first, escaped, with its own link."""
    sandbox.add_article(title="First", link="https://example.org/1?a=1&b=2", summary="One")
    sandbox.add_article(title="Bread & <roses>", summary="Two")

    feed = feedparser.parse(requests.get(sandbox.feed_url, timeout=5).content)

    assert not feed.bozo
    assert [
        entry.title.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        for entry in feed.entries
    ] == ["Bread & <roses>", "First"]
    assert feed.entries[1].link == "https://example.org/1?a=1&b=2"
    assert requests.get(feed.entries[0].link, timeout=5).ok


@pytest.mark.parametrize(
    ("theirs", "ours"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
)
def test_a_reader_that_has_the_feed_gets_304(
    sandbox: Sandbox, clock: HandClock, theirs: str, ours: str
) -> None:
    """Until there is a new article."""
    sandbox.add_article(title="First")
    tag = requests.get(sandbox.feed_url, timeout=5).headers[theirs]
    clock.move(minutes=1)

    same = requests.get(sandbox.feed_url, headers={ours: tag}, timeout=5)
    sandbox.add_article(title="Second")
    changed = requests.get(sandbox.feed_url, headers={ours: tag}, timeout=5)

    assert (same.status_code, same.content, changed.status_code) == (304, b"", 200)
