"""Finds the feed behind a web address: the address itself, what its page names, the usual places.

Whatever is found was read as a feed, whatever its server calls it. Where a page names several, a
person chooses.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.clock import monotonic
from bot.errors import FetchFailed, UsageError
from bot.intake.entry import Parsed
from bot.intake.feedlinks import FeedLink, usual_places
from bot.intake.feedmarkup import NOT_A_FEED
from bot.intake.fetch import Fetched, Fetcher
from bot.intake.reader import Reader

LOOK_FOR_SECONDS = 30.0
MAX_MENTIONED = 5
HTML = re.compile(rb"<!doctype html|<html|<head", re.IGNORECASE)
NONE_FOUND = (
    "No feed was found there. Look on the site for a link called RSS, feed or subscribe, and give "
    "that address."
)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was read: its lasting address, what was fetched and what it says."""

    url: str
    fetched: Fetched
    parsed: Parsed


class SeveralFeeds(UsageError):
    """A page names more than one feed; `links` are their addresses and titles."""

    def __init__(self, links: tuple[FeedLink, ...]) -> None:
        lines = [f"  {link.url}  {link.title}".rstrip() for link in links]
        super().__init__(
            f"This page names {len(links)} feeds. Give the address of the one you want, for "
            f"example: bot feeds add {links[0].url}\n" + "\n".join(lines)
        )
        self.links = links


def find(fetcher: Fetcher, reader: Reader, url: str) -> FoundFeed:
    """The feed at or behind the address; SeveralFeeds or FetchFailed where it is not clear."""
    fetched = fetcher.get(url)
    try:
        return _read(reader, url, fetched)
    except FetchFailed as error:
        if str(error) != NOT_A_FEED and not HTML.search(fetched.body[:5000]):
            raise
    return _behind(fetcher, reader, fetched)


def _read(reader: Reader, url: str, fetched: Fetched) -> FoundFeed:
    parsed = reader.feed(fetched.body, fetched.content_type, fetched.url)
    return FoundFeed(fetched.moved_to or url, fetched, parsed)


def _behind(fetcher: Fetcher, reader: Reader, page: Fetched) -> FoundFeed:
    links = reader.links(page.body, page.content_type, page.url)
    if len(links.declared) > 1:
        raise SeveralFeeds(links.declared)
    give_up_at = monotonic() + LOOK_FOR_SECONDS
    named = [link.url for link in links.declared]
    mentioned = {link.url: link for link in links.mentioned[:MAX_MENTIONED]}
    found = next(_readable(fetcher, reader, named, give_up_at), None)
    if found is not None:
        return found
    several = list(_readable(fetcher, reader, mentioned, give_up_at))
    if len(several) > 1:
        raise SeveralFeeds(tuple(FeedLink(each.url, each.parsed.title) for each in several))
    usual = [place for place in usual_places(page.url) if place not in {*named, *mentioned}]
    found = several[0] if several else next(_readable(fetcher, reader, usual, give_up_at), None)
    if found is None:
        raise FetchFailed(NONE_FOUND)
    return found


def _readable(
    fetcher: Fetcher, reader: Reader, urls: Iterable[str], give_up_at: float
) -> Iterator[FoundFeed]:
    """Those addresses that are feeds, as long as there is time to look."""
    seen: set[str] = set()
    for url in urls:
        if monotonic() > give_up_at:
            return
        try:
            found = _read(reader, url, fetcher.get(url))
        except FetchFailed:
            continue
        if found.fetched.url not in seen:
            seen.add(found.fetched.url)
            yield found
