"""Which feeds a web page names, and where else on its site one usually is. Pure.

Declared ones (`link rel=alternate` of a feed's type) count first; links a reader could click that
look like feeds are the second choice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bot.intake.entry import MAX_FEED_TITLE
from bot.intake.feedtext import decoded
from bot.intake.plainwords import plain, web_link

MAX_LINKS = 30
# Pages are read this far: what they declare stands in their head.
MAX_PAGE = 1_000_000
FEED_TYPES = re.compile(
    r"(application|text)/(rss|atom|rdf|x-rss|x-atom|feed)(\+xml|\+json)?|application/feed\+json"
    r"|(application|text)/(rdf\+)?xml|application/json",
    re.IGNORECASE,
)
SAYS_FEED = re.compile(
    r"(^|[/._?=&-])(feeds?|rss2?|atom|rdf)([/._?=&-]|$)|\.(rss|atom|rdf)$|feedburner", re.IGNORECASE
)
COMMENTS = re.compile(r"\b(comments?|comentarios|coment[aá]rios|replies)\b", re.IGNORECASE)
# Where the usual publishing systems keep their feed, the commonest first.
USUAL_PATHS = (
    *("feed/", "rss.xml", "feed.xml", "atom.xml", "index.xml", "rss", "feed.json"),
    *("feeds/posts/default", "?feed=rss2"),
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed's address as its page names it, with the title it is given there."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """What a page declares to be its feeds, and links on it that may be some."""

    declared: tuple[FeedLink, ...] = ()
    mentioned: tuple[FeedLink, ...] = ()


def read_links(body: bytes, content_type: str, url: str) -> Links:
    """The feeds that the page in these bytes names, each once; comments only if nothing else."""
    page = _Page(url)
    page.feed(decoded(body[:MAX_PAGE], content_type))
    declared = _distinct(page.declared)
    mentioned = _distinct(link for link in page.mentioned if link.url not in _urls(declared))
    return Links(_without_comments(declared), _without_comments(mentioned))


def usual_places(url: str) -> list[str]:
    """Addresses worth a try where a page names none: beside it and at its site's root."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    folder = urljoin(url, ".")
    beside = [] if folder == root else [urljoin(folder, USUAL_PATHS[0])]
    return [*beside, *(urljoin(root, path) for path in USUAL_PATHS)]


def _urls(links: tuple[FeedLink, ...]) -> set[str]:
    return {link.url for link in links}


def _distinct(links: Iterable[FeedLink]) -> tuple[FeedLink, ...]:
    found: dict[str, FeedLink] = {}
    for link in links:
        found.setdefault(link.url, link)
    return tuple(found.values())[:MAX_LINKS]


def _without_comments(links: tuple[FeedLink, ...]) -> tuple[FeedLink, ...]:
    """What readers write under articles is not what a group wants to post."""
    articles = tuple(link for link in links if not COMMENTS.search(f"{link.url} {link.title}"))
    return articles or links


class _Page(HTMLParser):
    """Collects links; a `base` of the page counts from where it stands."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.base = url
        self.declared: list[FeedLink] = []
        self.mentioned: list[FeedLink] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and given.get("href"):
            self.base = self._address(given) or self.base
        elif tag in ("link", "a") and "href" in given:
            self._take(tag, given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        url = self._address(given)
        if not url:
            return
        link = FeedLink(url, plain(given.get("title", ""), MAX_FEED_TITLE))
        relations = given.get("rel", "").lower().split()
        kind = given.get("type", "").partition(";")[0].strip()
        if "feed" in relations or ("alternate" in relations and FEED_TYPES.fullmatch(kind)):
            self.declared.append(link)
        elif tag == "a" and SAYS_FEED.search(url.partition("://")[2].partition("/")[2]):
            self.mentioned.append(link)

    def _address(self, given: dict[str, str]) -> str:
        address = given["href"].strip()
        # Some pages still write feed://example.org/ or feed:https://example.org/.
        address = re.sub(r"^feed:(//)?(?=https?:)", "", address, flags=re.IGNORECASE)
        address = re.sub(r"^feed://", "https://", address, flags=re.IGNORECASE)
        try:
            return web_link(urljoin(self.base, address).partition("#")[0])
        except ValueError:
            return ""
