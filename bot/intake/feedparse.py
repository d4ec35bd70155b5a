"""Reads a feed's bytes into Entries: plain-text titles, web links, aware times, everything capped.

The only place that imports feedparser, which is given bytes in memory and never a string: a string
it would open as a file or an address. It runs in this process for now; what `feedmarkup` leaves of
a feed bounds what it can cost until it has a child of its own.
"""

import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from bot.errors import FetchFailed
from bot.intake.feedmarkup import NOT_A_FEED, essential
from bot.intake.feedtext import decoded

MAX_ENTRIES = 500
MAX_ID = 200
MAX_TITLE = 500
MAX_FEED_TITLE = 300
MAX_LINK = 2000
EARLIEST = datetime.min.replace(tzinfo=UTC)

NO_SHOW = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)
# Control characters, and marks that turn the direction of what follows them.
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
NOT_IN_LINKS = re.compile(r"[\s\\\"<>\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as its feed gives it; `id` falls back to its link or title.

    All is plain text but `content`, the feed's own HTML, which is only for taking sentences from.
    """

    id: str
    title: str
    link: str
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: str = ""
    image_alt: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A feed's title and its Entries, newest first; `ttl` is how long it asks to be left alone."""

    title: str
    entries: tuple[Entry, ...]
    site: str = ""
    ttl: timedelta | None = None
    language: str = ""


def parse(body: bytes, content_type: str, url: str) -> Parsed:
    """The feed in these bytes; FetchFailed where there is none or it must not be read."""
    found = _feedparser(essential(decoded(body, content_type)), url)
    if not found.get("version") and not found["entries"]:
        raise FetchFailed(NOT_A_FEED)
    entries = [entry for raw in found["entries"] if (entry := _entry(raw)).id]
    title = plain(str(found["feed"].get("title") or ""), MAX_FEED_TITLE)
    return Parsed(title, tuple(_newest_first(entries)[:MAX_ENTRIES]))


def _feedparser(text: str, url: str) -> Any:
    import feedparser  # Imported on use: it takes long to load.

    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        return feedparser.parse(
            io.BytesIO(text.encode("utf-8", "ignore")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # noqa: BLE001  any kind: what a stranger wrote may not stop other feeds
        raise FetchFailed("The feed is so badly written that it cannot be read.") from None


def _newest_first(entries: list[Entry]) -> list[Entry]:
    """By date where all have one; else as the feed lists them, which is newest first."""
    if any(entry.published_at is None for entry in entries):
        return entries
    return sorted(entries, key=lambda entry: entry.published_at or EARLIEST, reverse=True)


def _entry(raw: Mapping[str, Any]) -> Entry:
    link = _link(raw)
    identity = INVISIBLE.sub("", _whole(raw.get("id"))).strip()
    title = plain(_whole(raw.get("title")), MAX_TITLE)
    return Entry(
        id=short_identity(identity or link or title),
        title=title,
        link=link,
        published_at=_published_at(raw),
    )


def short_identity(identity: str, limit: int = MAX_ID) -> str:
    """The identity itself, or its digest where it is longer than a key may be."""
    return identity if len(identity) <= limit else f"sha256:{sha256(identity.encode()).hexdigest()}"


def plain(text: str, limit: int) -> str:
    """Markup as the words a reader would see, on one line, no longer than the limit."""
    words = html.unescape(_whole(text)[: limit * 4])
    words = TAG.sub(" ", NO_SHOW.sub(" ", words))
    return " ".join(INVISIBLE.sub(" ", words).split())[:limit].rstrip()


def _whole(value: Any) -> str:
    """Text that any database and platform can take: halves of characters are dropped."""
    return str(value or "").encode("utf-8", "ignore").decode("utf-8")


def _link(raw: Mapping[str, Any]) -> str:
    others = [each.get("href") for each in raw.get("links") or () if _is_page(each)]
    for candidate in (raw.get("link"), *others):
        address = _whole(candidate).strip()
        if is_web_link(address):
            return address
    return ""


def _is_page(link: Mapping[str, Any]) -> bool:
    return bool(link.get("rel", "alternate") == "alternate")


def is_web_link(address: str) -> bool:
    """Whether a reader may be sent there: http or https, a host, no password, no odd characters."""
    if len(address) > MAX_LINK or NOT_IN_LINKS.search(address):
        return False
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and "@" not in parts.netloc
    return is_web and bool(host) and port != 0


def _published_at(raw: Mapping[str, Any]) -> datetime | None:
    # Past feedparser's own `get`, which answers for `updated` with `published` and a warning.
    plain_dict = dict(raw.items())
    return _moment(plain_dict.get("published_parsed") or plain_dict.get("updated_parsed"))


def _moment(parsed: Any) -> datetime | None:
    try:
        year, month, day, hour, minute, second = parsed[:6]
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
