"""Tagging links: only ever adds."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formatting.links import slug, tagged


def tag(link, words="Hands off Honduras, now and always", campaign="Río Guapinol"):
    return tagged(link, source="x", campaign=campaign, words=words)


TAGS = (
    "utm_source=x&utm_medium=social&utm_campaign=rio-guapinol"
    "&utm_content=hands-off-honduras-now-and"
)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://example.org", f"https://example.org?{TAGS}"),
        ("https://example.org/a/?b=1", f"https://example.org/a/?b=1&{TAGS}"),
        ("https://example.org/a?", f"https://example.org/a?{TAGS}"),
        ("https://example.org/a?b=%C3%A9&", f"https://example.org/a?b=%C3%A9&{TAGS}"),
        ("https://example.org/a#b?c", f"https://example.org/a?{TAGS}#b?c"),
        ("https://example.org/a?b#c#d", f"https://example.org/a?b&{TAGS}#c#d"),
    ],
)
def test_query_and_fragment_stay_as_they_are(link, expected):
    """Byte for byte, with the tags between them."""
    assert expected == tag(link)


def test_a_tag_that_is_there_is_kept():
    """Its author knew why."""
    link = "https://example.org/?utm_source=leaflet&UTM_Medium=print"

    assert f"{link}&{TAGS.partition('social&')[2]}" == tag(link)
    assert tag(link) == tag(tag(link))


def test_no_campaign_and_no_words_give_no_empty_tags():
    """An empty value says nothing."""
    assert "https://a.org?utm_source=x&utm_medium=social" == tag("https://a.org", "🌹", None)
    assert "rio-y-mar-2" == slug("  Río y_Mar – 2! ")


HOSTS = st.sampled_from(["https://example.org", "http://a.b.org:8080/c/d", "https://x.org/%20e/"])
PIECES = st.text(alphabet="ab=&;%2F+.é-~!", max_size=12)


@given(HOSTS, PIECES, st.sampled_from(["", "#", "#f=1&g?"]))
def test_whatever_the_link_nothing_of_it_is_lost(host, query, fragment):
    """Every field in its order, then ours; the same host, path and fragment."""
    link = f"{host}?{query}{fragment}" if query else f"{host}{fragment}"
    before, after = urlsplit(link), urlsplit(tag(link))

    assert before[:3] == after[:3]
    assert before.fragment == after.fragment
    fields = parse_qsl(before.query, keep_blank_values=True)
    assert fields == parse_qsl(after.query, keep_blank_values=True)[: len(fields)]
