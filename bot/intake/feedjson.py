"""Reads JSON Feed 1 and 1.1 into Entries; anything in it that has the wrong type is left out."""

import json
from typing import Any
from urllib.parse import urljoin

from bot.errors import FetchFailed
from bot.intake.entry import (
    MAX_CONTENT,
    MAX_ENTRIES,
    MAX_FEED_TITLE,
    MAX_SUMMARY,
    MAX_TITLE,
    Entry,
    Parsed,
)
from bot.intake.feeddates import moment
from bot.intake.feedentry import by_words, distinct, language_of
from bot.intake.feedmarkup import NOT_A_FEED
from bot.intake.plainwords import identity, plain, short_identity, web_link

VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")


def parse_json(text: str, url: str) -> Parsed:
    """The feed; FetchFailed where this is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise FetchFailed(NOT_A_FEED) from None
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        raise FetchFailed(NOT_A_FEED)
    if not _text(found, "version").startswith(VERSIONS):
        raise FetchFailed(NOT_A_FEED)
    language = language_of(_text(found, "language"))
    each = [row for row in found["items"][:MAX_ENTRIES] if isinstance(row, dict)]
    entries = [entry for row in each if (entry := _entry(row, found, url, language))]
    return Parsed(
        plain(_text(found, "title"), MAX_FEED_TITLE),
        tuple(entries),
        site=_link(found, "home_page_url", url),
        language=language,
    )


def _entry(row: dict[str, Any], feed: dict[str, Any], url: str, language: str) -> Entry | None:
    link = _link(row, "url", url) or _link(row, "external_url", url)
    title = plain(_text(row, "title"), MAX_TITLE)
    content = _text(row, "content_html") or _text(row, "content_text")
    name = identity(_text(row, "id")) or link or title or by_words(content)
    if not name:
        return None
    return Entry(
        id=short_identity(name),
        title=title,
        link=link,
        published_at=moment(_text(row, "date_published") or _text(row, "date_modified")),
        updated_at=moment(_text(row, "date_modified")),
        summary=plain(_text(row, "summary") or content, MAX_SUMMARY),
        content=content[:MAX_CONTENT],
        authors=_authors(row) or _authors(feed),
        tags=distinct(row["tags"]) if isinstance(row.get("tags"), list) else (),
        image=_link(row, "image", url) or _link(row, "banner_image", url),
        language=language_of(_text(row, "language")) or language,
    )


def _text(row: dict[str, Any], name: str) -> str:
    """A text; a number too, because ids are often written as one."""
    value = row.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if isinstance(value, str) or is_number else ""


def _link(row: dict[str, Any], name: str, base: str) -> str:
    try:
        return web_link(urljoin(base, _text(row, name).strip())) if row.get(name) else ""
    except ValueError:
        return ""


def _authors(row: dict[str, Any]) -> tuple[str, ...]:
    given = row.get("authors") if isinstance(row.get("authors"), list) else [row.get("author")]
    return distinct(each.get("name") for each in given or () if isinstance(each, dict))
