"""Reads a feed's bytes: RSS, RDF and Atom through feedparser, JSON Feed by ourselves.

The only place that imports feedparser, which is given bytes in memory and never a string: a string
it would open as a file or an address. Runs in the reading process; what `feedmarkup` leaves of a
feed bounds what it costs there.
"""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import FetchFailed
from bot.intake.entry import MAX_ENTRIES, MAX_FEED_TITLE, Entry, Parsed
from bot.intake.feedentry import entry_of, language_of
from bot.intake.feedjson import parse_json
from bot.intake.feedmarkup import NOT_A_FEED, essential
from bot.intake.feedtext import decoded
from bot.intake.plainwords import is_web_link, plain, short_identity, web_link, whole

__all__ = ["Entry", "Parsed", "is_web_link", "parse", "plain", "short_identity"]

EARLIEST = datetime.min.replace(tzinfo=UTC)
MAX_TTL = timedelta(days=7)
PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Only at the start: what a feed says of itself stands before its articles.
HEAD_LENGTH = 50_000
SKIP_HOURS = re.compile(r"<skiphours\b(.{0,2000}?)</skiphours", re.IGNORECASE | re.DOTALL)
SKIP_DAYS = re.compile(r"<skipdays\b(.{0,2000}?)</skipdays", re.IGNORECASE | re.DOTALL)


def parse(body: bytes, content_type: str, url: str) -> Parsed:
    """The feed in these bytes; FetchFailed where there is none or it must not be read."""
    text = decoded(body, content_type)
    if text.startswith("{"):
        return _sorted(parse_json(text, url))
    found = _feedparser(essential(text), url)
    if not found.get("version") and not found["entries"]:
        raise FetchFailed(NOT_A_FEED)
    about = dict(found["feed"].items())
    language = language_of(about.get("language"))
    entries = [entry for raw in found["entries"] if (entry := entry_of(raw, url, language))]
    head = text[:HEAD_LENGTH]
    return _sorted(
        Parsed(
            plain(whole(about.get("title")), MAX_FEED_TITLE),
            tuple(entries[:MAX_ENTRIES]),
            site=web_link(about.get("link")),
            ttl=_ttl(about),
            language=language,
            skip_hours=_skip_hours(head),
            skip_days=_skip_days(head),
        )
    )


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


def _sorted(parsed: Parsed) -> Parsed:
    """Newest first by date where all have one; else as the feed lists them, newest first."""
    if any(entry.published_at is None for entry in parsed.entries):
        return parsed
    newest_first = sorted(
        parsed.entries, key=lambda entry: entry.published_at or EARLIEST, reverse=True
    )
    return replace(parsed, entries=tuple(newest_first))


def _ttl(about: dict[str, Any]) -> timedelta | None:
    """How long the feed asks to be left alone, by RSS's ttl or the syndication module."""
    minutes = _number(about.get("ttl"))
    if minutes:
        return min(timedelta(minutes=minutes), MAX_TTL)
    period = PERIODS.get(str(about.get("sy_updateperiod") or "").strip().lower())
    times = _number(about.get("sy_updatefrequency")) or 1
    return min(period / times, MAX_TTL) if period else None


def _number(value: Any) -> int:
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _skip_hours(head: str) -> tuple[int, ...]:
    """Hours of the day in UTC in which the feed need not be read; 24 is written for 0."""
    found = SKIP_HOURS.search(head)
    hours = {int(hour) % 24 for hour in re.findall(r"\d{1,2}", found[1])} if found else set()
    return tuple(sorted(hours)) if len(hours) < 24 else ()


def _skip_days(head: str) -> tuple[int, ...]:
    """Days of the week in UTC, Monday being 0, on which the feed need not be read."""
    found = SKIP_DAYS.search(head)
    words = found[1].lower() if found else ""
    days = tuple(number for number, name in enumerate(DAYS) if name in words)
    return days if len(days) < 7 else ()
