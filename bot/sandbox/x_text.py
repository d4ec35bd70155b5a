"""How X reads a text: its weighted length, and the links, mentions and hashtags in it.

The count is twitter-text's (https://docs.x.com/fundamentals/counting-characters, read 2026-11-23
through the fact sheet). twitter-text backtracks for minutes on long dotted strings, so words are
read one at a time, and one whose length times dots is too much is refused unread.

Reading word by word is exact: an ASCII space or line break cannot be part of a link or an emoji,
and before a link it counts like the start of the text. A word of ASCII without a dot needs no
reading: every link needs a dot, every emoji a character outside ASCII, and ASCII weighs one each.
"""

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

from twitter_text import (
    extract_urls_with_indices,
    parse_tweet,
)

TEXT_CAP = 25_000
# Time grows with length times dots: 30,000 takes 0.1 s in ASCII, at most 1 s in other scripts. A
# link of 1,000 characters may still have 30 dots; 4,096 is the longest link twitter-text knows.
WORD_CAP = 4_096
LENGTH_TIMES_DOTS_CAP = 30_000
WEIGHT_LIMIT = 280
REFUSED = 1_000_000
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

WORD = re.compile(r"[^ \t\n]+")
MENTION = re.compile(r"(?<![\w@/])@(\w{1,15})(?!\w)", re.ASCII)
HASHTAG = re.compile(r"(?<![\w&/#])#(\w*[^\W\d_]\w*)")
CASHTAG = re.compile(r"(?<![\w$])\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?!\w)")


class Span(NamedTuple):
    """A link, mention or hashtag and where it stands."""

    start: int
    end: int
    value: str


class Shown(NamedTuple):
    """A text as X gives it back, with its entities."""

    text: str
    entities: dict[str, list[dict[str, Any]]]


def normalise(text: str) -> str:
    """NFC, line feeds only, no blanks around."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def weigh(text: str) -> int:
    """The weighted length of a normalised text, exact up to the limit; beyond it only "over".

    Stopping there keeps a text of many slow words from taking long. REFUSED when it may not be
    sent at all.
    """
    if len(text) > TEXT_CAP:
        return REFUSED
    words = WORD.findall(text)
    total = len(text) - sum(map(len, words))
    for word in words:
        total += _weigh_word(word)
        if total > WEIGHT_LIMIT:
            return total
    return total


def _weigh_word(word: str) -> int:
    if word.isascii() and "." not in word:
        return len(word)
    return _read_word(word) if _is_readable(word) else REFUSED


def _is_readable(word: str) -> bool:
    """Whether reading the word is sure to end soon."""
    dots = word.count(".")
    return not dots or (len(word) <= WORD_CAP and len(word) * dots <= LENGTH_TIMES_DOTS_CAP)


@functools.lru_cache(maxsize=4_096)
def _read_word(word: str) -> int:
    parsed = parse_tweet(word)
    weight: int = parsed.weightedLength
    return weight if parsed.valid or weight > WEIGHT_LIMIT else REFUSED


@functools.lru_cache(maxsize=4_096)
def _links_in_word(word: str) -> tuple[Span, ...]:
    found = extract_urls_with_indices(word)
    return tuple(Span(one["indices"][0], one["indices"][1], one["url"]) for one in found)


def links(text: str) -> list[Span]:
    """Every link in a normalised text, in order."""
    return [
        Span(word.start() + span.start, word.start() + span.end, span.value)
        for word in WORD.finditer(text)
        if "." in word[0] and _is_readable(word[0])
        for span in _links_in_word(word[0])
    ]


def short_link(seed: int, remote_id: str, position: int) -> str:
    """A t.co address: 23 characters, the same for the same post and place."""
    digest = hashlib.sha256(f"{seed} {remote_id} {position}".encode()).digest()
    return "https://t.co/" + "".join(BASE62[byte % 62] for byte in digest[:10])


def display(url: str) -> str:
    """A link as X draws it: no scheme, no www, cut after 26 characters."""
    bare = re.sub(r"^(https?://)?(www\.)?", "", url, flags=re.IGNORECASE)
    return bare if len(bare) <= 27 else bare[:26] + "…"


@functools.lru_cache(maxsize=10_000)
def show(text: str, seed: int, remote_id: str, media_link: str | None = None) -> Shown:
    """The text with short links and HTML escapes, and the entities with places in that text."""
    pieces: list[str] = []
    urls: list[dict[str, Any]] = []
    length = at = 0
    for span, short in _shortened(text, seed, remote_id):
        before = escape(text[at : span.start], quote=False)
        start = length + len(before)
        length, at = start + len(short), span.end
        pieces += [before, short]
        urls.append(_url(short, span.value, start))
    pieces.append(escape(text[at:], quote=False))
    if media_link is not None:
        short = short_link(seed, remote_id, len(urls))
        start = sum(map(len, pieces)) + (1 if text else 0)
        pieces += [" " if text else "", short]
        urls.append({**_url(short, media_link, start), "display_url": f"pic.x.com/{short[13:]}"})
    shown = "".join(pieces)
    return Shown(shown, _entities(shown, urls))


def _shortened(text: str, seed: int, remote_id: str) -> Iterator[tuple[Span, str]]:
    for position, span in enumerate(links(text)):
        yield span, short_link(seed, remote_id, position)


def _url(short: str, url: str, start: int) -> dict[str, Any]:
    expanded = url if url.lower().startswith(("http://", "https://")) else f"http://{url}"
    return {
        "start": start,
        "end": start + len(short),
        "url": short,
        "expanded_url": expanded,
        "display_url": display(url),
    }


def _entities(shown: str, urls: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found = {
        "urls": urls,
        "mentions": _tags(MENTION, "username", shown, urls),
        "hashtags": _tags(HASHTAG, "tag", shown, urls),
        "cashtags": _tags(CASHTAG, "tag", shown, urls),
    }
    return {kind: spans for kind, spans in found.items() if spans}


def _tags(
    pattern: re.Pattern[str], name: str, shown: str, urls: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    return [
        {"start": match.start(), "end": match.end(), name: match[1]}
        for match in pattern.finditer(shown)
        if not any(url["start"] <= match.start() < url["end"] for url in urls)
    ]


def cashtags(text: str) -> int:
    """How many cashtags a text has; X allows one on self-serve plans."""
    return len(CASHTAG.findall(text))
