"""What a feed comes to, whatever format it had: plain text, web links and aware times, all capped.

These are the shapes in which the reading process hands articles back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_ENTRIES = 500
MAX_ID = 200
MAX_TITLE = 500
MAX_SUMMARY = 2000
MAX_CONTENT = 200_000
MAX_FEED_TITLE = 300
MAX_LINK = 2000
MAX_NAME = 100
MAX_NAMES = 20
MAX_LANGUAGE = 35


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
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
