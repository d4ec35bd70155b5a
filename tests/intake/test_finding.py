"""From the address of a page to the feed behind it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.clock import Clock
from bot.errors import FetchFailed
from bot.intake.feedfind import SeveralFeeds, find
from bot.intake.feedlinks import read_links, usual_places
from bot.intake.fetch import Fetcher
from bot.intake.pace import Pace

HERE = "https://example.org/blog/page.html"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def page_of(head: str = "", body: str = "") -> bytes:
    return (
        f"<!doctype html><html><head><title>P</title>{head}</head><body>{body}</body></html>"
    ).encode()


def links(head: str = "", body: str = "") -> tuple[list[str], list[str]]:
    found = read_links(page_of(head, body), "text/html", HERE)
    return [link.url for link in found.declared], [link.url for link in found.mentioned]


@pytest.mark.parametrize(
    "kind",
    [
        *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "text/xml"),
        *("application/feed+json", "application/json", "application/xml", "text/rss+xml"),
        *("application/RSS+XML; charset=utf-8",),
    ],
)
def test_a_page_declares_feeds_of_every_type(kind: str) -> None:
    """However it writes its attributes."""
    head = f'<LINK HREF="../feed" title="News" Rel="ALTERNATE home" TYPE="{kind}">'

    assert links(head) == (["https://example.org/feed"], [])


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="alternate" hreflang="es" href="/es/">',
        '<link rel="alternate" type="text/html" href="/es/">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">',
        '<link rel="stylesheet" type="text/xml" href="/style">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml">',
    ],
)
def test_other_alternates_are_no_feeds(head: str) -> None:
    """Translations and previews are declared in the same way."""
    assert links(head) == ([], [])


def test_a_base_and_old_schemes_are_followed() -> None:
    """As a browser would."""
    head = (
        '<base href="https://cdn.example.org/x/">'
        "<link rel=alternate type=application/rss+xml href=f>"
        '<link rel=feed href="feed://example.org/g"><link rel=feed href="feed:https://example.org/h">'
    )

    assert links(head)[0] == [
        "https://cdn.example.org/x/f", "https://example.org/g", "https://example.org/h",
    ]  # fmt: skip


def test_feeds_of_comments_count_only_where_there_is_no_other() -> None:
    """A blog declares both; what readers write is not what a group posts."""
    comments = (
        '<link rel=alternate type=application/rss+xml title="Comments Feed" href=/comments/feed/>'
    )
    news = '<link rel=alternate type=application/rss+xml title="Feed" href=/feed/>'

    assert links(news + comments)[0] == ["https://example.org/feed/"]
    assert links(comments)[0] == ["https://example.org/comments/feed/"]


def test_links_that_look_like_feeds_are_second_choice() -> None:
    """The usual orange button."""
    body = '<a href="/rss.xml">RSS</a><a href="/feedback">Write</a><a href="/es/feed/">Es</a>'

    assert links(body=body) == ([], ["https://example.org/rss.xml", "https://example.org/es/feed/"])


def test_the_usual_places_begin_beside_the_page() -> None:
    """A blog in a folder keeps its feed there."""
    assert usual_places("https://example.org/blog/page")[:2] == [
        "https://example.org/blog/feed/", "https://example.org/feed/",
    ]  # fmt: skip
    assert usual_places("https://example.org/")[0] == "https://example.org/feed/"


@pytest.fixture
def fetcher(clock: Clock) -> Fetcher:
    return Fetcher(clock, ("127.0.0.1",), pace=Pace(0))


@pytest.fixture
def found(fetcher: Fetcher, lasting_reader: Any) -> Any:
    return lambda url: find(fetcher, lasting_reader, url)


@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream", "text/plain"])
def test_a_feed_is_known_by_what_it_is(
    site: Any, page: Any, one: Any, atom_feed: Any, found: Any, kind: str
) -> None:
    """Whatever its server calls it; one request is enough."""
    url = site.put("/feed", page(atom_feed(one(1)), headers={"Content-Type": kind}))

    assert found(url).url == url
    assert len(site.asked) == 1


def test_a_page_called_a_feed_is_still_a_page(site: Any, page: Any, one: Any, found: Any) -> None:
    """Its type lies; what it declares counts."""
    feed = site.feed(one(1), path="/news.xml")
    head = '<link rel="alternate" type="application/rss+xml" href="/news.xml">'
    url = site.put("/", page(page_of(head), headers={"Content-Type": "application/rss+xml"}))

    assert found(url).url == feed
    assert [entry.title for entry in found(url).parsed.entries] == ["Article 1"]


def test_where_a_page_names_several_a_person_chooses(site: Any, page: Any, found: Any) -> None:
    """Each with its title, and what to type."""
    head = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{name}" href="/{name}">'
        for name in ("News", "Blog")
    )

    with pytest.raises(SeveralFeeds) as several:
        found(site.put("/", page(page_of(head), headers=HTML)))

    assert [link.title for link in several.value.links] == ["News", "Blog"]
    assert f"bot feeds add {site.at('/News')}" in str(several.value)
    assert f"{site.at('/Blog')}  Blog" in str(several.value)


def test_a_page_that_names_none_is_looked_behind(
    site: Any, page: Any, one: Any, found: Any
) -> None:
    """Links first, then the usual places; what is no feed there is passed over."""
    url = site.put("/blog/", page(page_of(body='<a href="/dead.rss">RSS</a>'), headers=HTML))
    site.put("/blog/feed/", page(page_of(), headers=HTML))
    feed = site.feed(one(1), path="/rss.xml")

    assert found(url).url == feed


def test_a_declared_feed_that_is_gone_is_no_answer(
    site: Any, page: Any, one: Any, found: Any
) -> None:
    """The page was not kept up; the feed is at its usual place."""
    head = '<link rel="alternate" type="application/rss+xml" href="/old">'
    url = site.put("/", page(page_of(head), headers=HTML))

    assert found(url if site.feed(one(1), path="/feed/") else "").url == site.at("/feed/")


def test_where_there_is_none_it_is_said_what_to_look_for(site: Any, page: Any, found: Any) -> None:
    """Everything was tried."""
    with pytest.raises(FetchFailed, match="No feed was found there"):
        found(site.put("/", page(page_of(), headers=HTML)))


def test_a_feed_made_to_hurt_is_refused_and_not_looked_behind(
    site: Any, page: Any, found: Any
) -> None:
    """It is a feed; that it is refused is the answer."""
    url = site.put("/feed", page(b'<!DOCTYPE a [<!ENTITY b "c">]><rss/>'))

    with pytest.raises(FetchFailed, match="entities"):
        found(url)
    assert len(site.asked) == 1


def test_a_lasting_move_is_what_is_remembered(site: Any, one: Any, found: Any) -> None:
    """And a detour is not."""
    feed = site.feed(one(1), path="/new")

    assert found(site.redirect("/old", "/new", 301)).url == feed
    assert found(site.redirect("/today", "/new", 302)).url == site.at("/today")


def test_looking_ends_in_time(
    site: Any, page: Any, fetcher: Fetcher, lasting_reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow site is not asked for everything."""
    from bot.intake import feedfind

    monkeypatch.setattr(feedfind, "LOOK_FOR_SECONDS", -1.0)
    url = site.put("/", page(page_of(body='<a href="/rss.xml">RSS</a>'), headers=HTML))

    with pytest.raises(FetchFailed, match="No feed"):
        find(replace(fetcher), lasting_reader, url)
    assert len(site.asked) == 1
