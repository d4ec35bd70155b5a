"""Which spellings of an address or a title are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.identity import canonical, title_key, unwrapped, without_tracking

PLAIN = "https://example.org/news/free?id=1"


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org/news/free?id=1",
        "https://www.example.org/news/free/?id=1",
        "HTTPS://EXAMPLE.ORG:443/news/free?id=1",
        "http://example.org:80/news/free?id=1#comments",
        "https://example.org/news/free?utm_source=rss&id=1&utm_medium=x&fbclid=1",
        "https://example.org/news/free?id=1&gclid=a&mc_cid=b&mc_eid=c&at_medium=RSS",
        "https://example.org/news/free?id=1&source=rss&CMP=share_btn_tw",
        "https://example.org/news/%66ree?id=1",
        "https://example.org/news/free/amp?id=1",
        "https://example.org/news/free/amp/?id=1",
        "https://example.org/amp/news/free?id=1",
        "https://amp.example.org/news/free?id=1",
        "https://example.org/news/free?amp=1&id=1",
        "https://example.org/news/free?outputType=amp&id=1",
        "https://www.google.com/amp/s/example.org/news/free?id=1",
        "https://example-org.cdn.ampproject.org/c/s/example.org/news/free?id=1",
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fnews%2Ffree%3Fid%3D1&ct=ga",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fnews%2Ffree%3Fid%3D1&h=x",
    ],
)
def test_every_way_to_one_page_is_one_address(link: str) -> None:
    """Scheme, port, www, last slash, fragment, tracking, AMP copies and carriers say nothing."""
    assert canonical(link) == canonical(PLAIN)


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/news/free?id=2",
        "https://example.org/news/free",
        "https://example.org/news/freed?id=1",
        "https://example.org:8443/news/free?id=1",
        "https://example.net/news/free?id=1",
        "https://news.example.org/news/free?id=1",
        "https://example.org/news/free?id=1&source=abc",
        "https://example.org/news/amplify?id=1",
        "https://example.org/News/free?id=1",
    ],
)
def test_other_pages_are_other_addresses(link: str) -> None:
    """A field that may be content is kept."""
    assert canonical(link) != canonical(PLAIN)


def test_amp_pages_in_files_and_names_with_accents() -> None:
    """Two more spellings that are common."""
    assert canonical("https://example.org/a.amp.html") == canonical("https://example.org/a.html")
    assert canonical("https://example.org/a.html/amp") == canonical("https://example.org/a.html")
    assert canonical("https://bogotá.example/") == canonical("https://xn--bogot-1qa.example")


def test_a_long_address_is_known_by_its_digest() -> None:
    """A key has a limit; two long addresses stay apart."""
    one, two = (canonical(f"https://example.org/{'a' * 1900}{n}") for n in range(2))

    assert one != two
    assert len(one) < 100


def test_a_wrapping_that_leads_nowhere_is_left_as_it_is() -> None:
    """Only a web link is worth following, and not without end."""
    link = "https://www.google.com/url?url=javascript:alert(1)"

    assert unwrapped(link) == link
    assert unwrapped("https://example.org/url?url=https://example.net/") == (
        "https://example.org/url?url=https://example.net/"
    )


@given(st.text(max_size=40), st.text(max_size=40))
def test_an_address_in_its_one_spelling_stays_as_it_is(path: str, query: str) -> None:
    """Else articles remembered long ago would look new."""
    from bot.intake.plainwords import web_link

    link = web_link(f"https://example.org/{path}?{query}")
    once = canonical(link) if link else ""

    assert canonical(once) == once


def test_titles_are_equal_for_a_reader() -> None:
    """Case, marks and spaces do not count; words do."""
    assert title_key("“The eight  are FREE!”") == title_key("the eight are free")
    assert title_key("The eight are free") != title_key("The nine are free")
    assert title_key("— … !") == ""


def test_a_link_for_readers_keeps_all_that_leads_there() -> None:
    """Only what says where a reader came from is taken off; order and anchors stay."""
    link = "https://example.org/a?x=2&utm_source=rss&id=1&fbclid=7#part"

    assert without_tracking(link) == "https://example.org/a?x=2&id=1#part"
    assert without_tracking("https://example.org/a?utm_medium=feed") == "https://example.org/a"
    assert without_tracking("https://example.org/a?x=%20y") == "https://example.org/a?x=%20y"
