"""From what feedparser found to an Entry: which of the many places a format has is the one to read.

Pure. Whatever is missing is left empty; only an entry that has neither id, link nor title is none.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin

from bot.intake.entry import (
    MAX_CONTENT,
    MAX_LANGUAGE,
    MAX_NAME,
    MAX_NAMES,
    MAX_SUMMARY,
    MAX_TITLE,
    Entry,
)
from bot.intake.feeddates import moment
from bot.intake.identity import unwrapped
from bot.intake.plainwords import identity, plain, short_identity, web_link, whole

PUBLISHED = ("published", "created", "updated")
UPDATED = ("updated",)
# Where proxies such as FeedBurner keep the address they hide.
ORIGINAL_LINKS = ("feedburner_origlink", "pheedo_origlink", "origlink")
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif")

Raw = Mapping[str, Any]


def entry_of(raw: Raw, base: str, language: str) -> Entry | None:
    """The Entry, its picture read from `base`; None where nothing tells it from others."""
    raw = dict(raw.items())  # feedparser's own `get` answers for one date with another, and warns
    link = _link(raw)
    title = plain(raw.get("title") or raw.get("mediatitle") or "", MAX_TITLE)
    content, summary = _content(raw), _summary(raw)
    name = identity(whole(raw.get("id"))) or link or title or by_words(content)
    if not name:
        return None
    image, alt = _picture(raw, link or base)
    return Entry(
        id=short_identity(name),
        title=title,
        link=link,
        published_at=_date(raw, PUBLISHED),
        updated_at=_date(raw, UPDATED),
        summary=summary,
        content=content,
        authors=_authors(raw),
        tags=_tags(raw),
        image=image,
        image_alt=alt,
        language=_language(raw) or language,
    )


def by_words(content: str) -> str:
    """What tells an entry without id, link and title from others: its text."""
    return f"text:{sha256(content.encode()).hexdigest()}" if content else ""


def _link(raw: Raw) -> str:
    links = raw.get("links") or ()
    pages = [each.get("href") for each in links if each.get("rel", "alternate") == "alternate"]
    files = [each.get("href") for each in links if each.get("rel") == "enclosure"]
    originals = [raw.get(name) for name in ORIGINAL_LINKS]
    found = (web_link(each) for each in (*originals, raw.get("link"), *pages, *files))
    return unwrapped(next((each for each in found if each), ""))


def _date(raw: Raw, names: Iterable[str]) -> datetime | None:
    found = (moment(raw[name]) for name in names if isinstance(raw.get(name), str))
    return next((each for each in found if each), None)


def _content(raw: Raw) -> str:
    """The longest text there is, as the feed marks it up; its summary where it has no other."""
    values = [whole(each.get("value")) for each in raw.get("content") or () if _is_text(each)]
    return (max(values, key=len, default="") or whole(raw.get("summary")))[:MAX_CONTENT]


def _is_text(content: Raw) -> bool:
    kind = str(content.get("type") or "")
    return not kind or kind.startswith("text/") or "html" in kind


def _summary(raw: Raw) -> str:
    given = (raw.get(name) for name in ("summary", "itunessummary", "mediadescription"))
    return plain(next(filter(None, given), ""), MAX_SUMMARY)


def _authors(raw: Raw) -> tuple[str, ...]:
    names = [each.get("name") for each in raw.get("authors") or ()]
    return distinct(names or [(raw.get("author_detail") or {}).get("name")])


def _tags(raw: Raw) -> tuple[str, ...]:
    terms = [each.get("label") or each.get("term") for each in raw.get("tags") or ()]
    return distinct(term for term in terms if not str(term).startswith(("http://", "https://")))


def distinct(names: Iterable[Any]) -> tuple[str, ...]:
    """Short plain words, each once, no more than are worth keeping."""
    found = (plain(name, MAX_NAME) for name in names if isinstance(name, str))
    return tuple(dict.fromkeys(name for name in found if name))[:MAX_NAMES]


def _language(raw: Raw) -> str:
    detail = raw.get("title_detail") or raw.get("summary_detail") or {}
    return language_of(detail.get("language"))


def language_of(given: Any) -> str:
    """A language tag such as es-AR; empty for anything else."""
    tag = str(given or "").strip().replace("_", "-")
    fits = len(tag) <= MAX_LANGUAGE and tag.replace("-", "").isalnum() and tag.isascii()
    return tag if fits else ""


def _picture(raw: Raw, base: str) -> tuple[str, str]:
    """The best picture's address, and what it shows where the feed says so."""
    for address, alt in _pictures(raw):
        link = _joined(base, whole(address).strip())
        if link:
            caption = alt or (raw.get("mediadescription") if raw.get("summary") else "")
            return link, plain(caption or "", MAX_TITLE)
    return "", ""


def _joined(base: str, address: str) -> str:
    try:
        return web_link(urljoin(base, address)) if address else ""
    except ValueError:
        return ""


def _pictures(raw: Raw) -> Iterable[tuple[str, str]]:
    media = [each for each in raw.get("media_content") or () if _is_picture(each)]
    media.sort(key=_width, reverse=True)
    yield from ((each["url"], each.get("alt") or "") for each in media)
    for each in raw.get("links") or ():
        if each.get("rel") == "enclosure" and _is_picture({**each, "url": each.get("href")}):
            yield each["href"], ""
    yield from ((each["url"], "") for each in raw.get("media_thumbnail") or () if each.get("url"))
    for name in ("image", "entryimage", "href"):
        found = raw.get(name)
        yield (found.get("href") if isinstance(found, Mapping) else found) or "", ""


def _is_picture(media: Raw) -> bool:
    address = str(media.get("url") or "")
    kind = str(media.get("type") or media.get("medium") or "").lower()
    named = address.partition("?")[0].lower().endswith(PICTURE_ENDINGS)
    return bool(address) and (kind.startswith("image") or (not kind and named))


def _width(media: Raw) -> int:
    width = str(media.get("width") or "")
    return int(width) if width.isascii() and width.isdigit() and len(width) < 6 else 0
