"""A database from before articles had names of their own keeps everything it knew."""

import pytest
from sqlalchemy import text

from bot.store import feeds, schema

FEED = (
    "INSERT INTO feed (id, name, url, owner, options, next_check_at, errors, created_at) VALUES "
    "(1, 'news', 'https://example.org/feed', 'database', '{}', '2026-11-01', 0, '2026-11-01')"
)
ARTICLE = (
    "INSERT INTO article"
    " (id, feed_id, entry_id, address, title_key, title, link, seen_at, decision)"
    " VALUES (:id, 1, :entry_id, :address, :title_key, 'T', 'L', '2026-11-01', 'seen')"
)
KNOWN = (
    ("tag:1", "https://example.org/1", "one"),
    ("also:abc", "https://example.org/1b", "one"),
    ("tag:2", "", "two"),
    ("tag:3", "https://example.org/" + "a" * 600, ""),
)


@pytest.fixture
def old(first_version):
    """With four articles."""
    with first_version.write() as session:
        session.execute(text(FEED))
        for number, (entry_id, address, title_key) in enumerate(KNOWN, 1):
            row = {"id": number, "entry_id": entry_id, "address": address, "title_key": title_key}
            session.execute(text(ARTICLE), row)
    return first_version


def test_every_name_is_taken_over_and_finds_its_article(old):
    """Of two articles with one name the first keeps it; made-up ids and empty names are none."""
    schema.upgrade(old)

    wanted = {
        ("id", "tag:1"), ("id", "also:abc"), ("address", "https://example.org/1b"),
        ("title", "one"), ("title", "two"), ("title", ""), ("address", ""),
    }  # fmt: skip
    with old.read() as session:
        found = {(row.kind, row.value): row.article_id for row in feeds.names(session, 1, wanted)}
        longest = session.scalar(text("SELECT max(length(value)) FROM article_name"))
        (feed,) = feeds.all_of(session)

    assert found == {
        ("id", "tag:1"): 1, ("address", "https://example.org/1b"): 2,
        ("title", "one"): 1, ("title", "two"): 3,
    }  # fmt: skip
    assert longest < 100
    assert feed.skips is None
