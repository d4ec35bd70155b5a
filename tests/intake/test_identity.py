"""What makes two articles the same."""

import pytest

from bot.intake.identity import canonical, title_key, without_tracking


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/a/b?id=1&x=2",
        "http://example.org/a/b?id=1&x=2",
        "https://www.example.org/a/b?id=1&x=2",
        "HTTPS://EXAMPLE.ORG/a/b?id=1&x=2",
        "https://example.org:443/a/b/?x=2&id=1",
        "https://example.org/a/b/?id=1&x=2#comments",
        "https://example.org/%61/b?id=1&x=2&utm_source=rss&utm_medium=feed",
        "https://example.org/a/b?fbclid=abc&id=1&gclid=1&x=2&mc_cid=1&UTM_Campaign=y",
    ],
)
def test_spellings_of_one_address_are_one(link: str) -> None:
    """What does not change the page does not make a new article."""
    assert canonical(link) == "https://example.org/a/b?id=1&x=2"


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/A/b?id=1&x=2",
        "https://example.org/a/b?id=2&x=2",
        "https://example.org/a/b",
        "https://news.example.org/a/b?id=1&x=2",
        "https://example.org:8443/a/b?id=1&x=2",
    ],
)
def test_different_pages_have_different_addresses(link: str) -> None:
    """Two articles must not be taken for one."""
    assert canonical(link) != canonical("https://example.org/a/b?id=1&x=2")


def test_the_front_page_and_no_address_at_all() -> None:
    """A trailing slash means nothing, and nothing stays nothing."""
    assert canonical("https://example.org") == canonical("http://example.org/")
    assert canonical("") == ""


def test_titles_are_compared_by_their_words() -> None:
    """Case, marks and spaces aside; signs alone are nothing to compare."""
    assert title_key("“The eight  are FREE!”") == title_key("the eight are free")
    assert title_key("The eight are free") != title_key("The nine are free")
    assert title_key("— … !") == ""


def test_a_link_for_readers_keeps_all_that_leads_there() -> None:
    """Only what says where a reader came from is taken off; order and anchors stay."""
    link = "https://example.org/a?x=2&utm_source=rss&id=1&fbclid=7#part"

    assert without_tracking(link) == "https://example.org/a?x=2&id=1#part"
    assert without_tracking("https://example.org/a?utm_medium=feed") == "https://example.org/a"
    assert without_tracking("https://example.org/a?x=%20y") == "https://example.org/a?x=%20y"
