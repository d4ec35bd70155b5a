"""Whether a post that is there is the one sent: strict, but for a Platform's own changes."""

import time
from datetime import UTC, datetime

import pytest

from bot.platforms.contract import PartContent, Seen
from bot.platforms.matching import normal_form, same_post

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def seen(text, link=None):
    """A listed post."""
    return Seen("1", "https://x.com/i/web/status/1", text, NOON, link)


SAME = [
    ("Hello", "Hello"),
    ("Cafe\u0301 open", "Café open"),
    ("Two\n\nlines  here ", "Two lines here"),
    ("Read https://example.org/a", "Read http://example.org/a/"),
    ("Read https://Example.ORG/a", "Read https://example.org/a"),
    ("Read https://www.example.org/a?b=1", "Read https://example.org/a/?b=1"),
    ("Read https://example.org/a", "Read https://example.org/a?fbclid=IwAR123"),
    ("Read example.org.", "Read http://example.org/."),
    ("(https://example.org)", "(https://example.org/)"),
    ("https://bücher.de/ä", "https://xn--bcher-kva.de/%C3%A4"),
    ("https://example.org:8080/a#part", "http://example.org:8080/a#part"),
    ("https://example.org", "https://example.org"),
    ("One\r\ntwo", "One\ntwo"),
    ("One\u00a0two ", "One two"),
    ("  Hello\n", "Hello"),
    ("Read HTTPS://example.org/a", "Read https://example.org/a"),
    ("Read https://example.org/a b", "Read https://example.org/a?twclid=2-3 b"),
]
DIFFERENT = [
    ("Hello", "Hello!"),
    ("Hello", "hello"),
    ("Hello", ""),
    ("", ""),
    ("Hello there", "Hello"),
    ("Read https://example.org/a", "Read https://example.org/A"),
    ("Read https://example.org/a", "Read https://example.org/b"),
    ("Read https://example.org/a?b=1", "Read https://example.org/a?b=2"),
    ("Read https://example.org/a", "Read https://example.org:81/a"),
    ("Read https://example.org/a", "Read https://other.org/a"),
    ("Part 1/2", "Part 2/2"),
]


@pytest.mark.parametrize(("sent", "listed"), SAME)
def test_what_a_platform_changes_by_itself_does_not_count(sent, listed):
    """Composition, white space, schemes, slashes, host case, click identifiers."""
    assert same_post(PartContent(sent), seen(listed))


@pytest.mark.parametrize(("sent", "listed"), DIFFERENT)
def test_a_different_word_or_link_is_a_different_post(sent, listed):
    """A wrong "found" would lose a post in silence."""
    assert not same_post(PartContent(sent), seen(listed))


LINKS = [
    ("https://example.org/a", "https://example.org/a/", True),
    ("https://example.org/a", "https://example.org/b", False),
    ("https://example.org/a?utm_source=bot&p=1", "https://example.org/a?p=1", True),
    ("https://example.org/a", "https://example.org/a?utm_source=bot", True),
    ("https://example.org/a?utm_content=p1", "https://example.org/a?utm_content=p2", False),
    ("https://example.org/a?utm_source=bot", "https://example.org/b", False),
    ("https://example.org/a", None, True),
    (None, "https://example.org/a", True),
    ("not a link", "not a link", True),
    ("not a link", "another", False),
]


@pytest.mark.parametrize(("ours", "theirs", "expected"), LINKS)
def test_links_must_agree_where_both_are_known(ours, theirs, expected):
    """The same words are sent with other links; campaign parameters may get lost on the way."""
    assert same_post(PartContent("Our newest", link=ours), seen("Our newest", theirs)) is expected


def test_a_part_of_nothing_but_a_link_matches_by_the_link():
    """No words at all, as on Facebook."""
    part = PartContent("", link="https://example.org/a")
    assert same_post(part, seen("", "https://example.org/a"))
    assert not same_post(part, seen("", "https://example.org/b"))
    assert not same_post(part, seen(""))


def test_a_host_that_cannot_be_encoded_is_compared_as_it_stands():
    """Feeds bring anything."""
    long = "https://" + "ä" * 80 + ".org/x"
    assert same_post(PartContent(long), seen(long + "/"))


@pytest.mark.parametrize("piece", ["a.", "a-", "https://", "x", "www.", "é.", "a.b/", "/", ".,)"])
def test_hostile_text_takes_no_long_time(piece):
    """Timelines are someone else's text."""
    start = time.monotonic()
    normal_form("a.b/" + piece * 20_000 + " x")
    assert time.monotonic() - start < 1
