"""Makes what strangers wrote plain: one line of words without markup, and links that are links.

Nothing here escapes or sanitises markup; it is taken out.
"""

import html
import re
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from bot.intake.entry import MAX_ID, MAX_LINK

HIDDEN = re.compile(r"<(script|style)\b", re.IGNORECASE)
TAG = re.compile(r"</?([a-z!][a-z0-9]*)[^<>]*>", re.IGNORECASE)
# Tags that stand inside a word without parting it.
INLINE = frozenset(
    (
        *("a", "abbr", "b", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span"),
        *("strong", "sub", "sup", "u"),
    )
)
# Control characters, and marks that turn the direction of what follows them.
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
NOT_IN_LINKS = re.compile(r"[\s\\\"<>\x00-\x1f\x7f]")
LINE_ENDS = re.compile(r"[\t\r\n]+ *")
QUOTED = {" ": "%20", '"': "%22", "<": "%3C", ">": "%3E"}


def plain(text: str, limit: int) -> str:
    """Markup as the words a reader would see, on one line, no longer than the limit."""
    words = html.unescape(whole(text)[: limit * 4])
    words = TAG.sub(_gap, _shown(words))
    return " ".join(INVISIBLE.sub(" ", words).split())[:limit].rstrip()


def _shown(text: str) -> str:
    """The text without scripts and styles; one that does not end hides all that follows."""
    pieces, position = [], 0
    while found := HIDDEN.search(text, position):
        pieces.append(text[position : found.start()])
        end = text.lower().find(f"</{found[1].lower()}", found.end())
        if end < 0:
            return " ".join(pieces)
        position = end
    return " ".join((*pieces, text[position:]))


def _gap(tag: re.Match[str]) -> str:
    return "" if tag[1].lower() in INLINE else " "


def whole(value: Any) -> str:
    """Text that any database and platform can take: halves of characters are dropped."""
    return str(value or "").encode("utf-8", "ignore").decode("utf-8")


def identity(given: str) -> str:
    """A feed's name for an article without what cannot be seen."""
    return INVISIBLE.sub("", given).strip()


def short_identity(given: str, limit: int = MAX_ID) -> str:
    """The identity itself, or its digest where it is longer than a key may be."""
    return given if len(given) <= limit else f"sha256:{sha256(given.encode()).hexdigest()}"


def web_link(address: Any) -> str:
    """The address as a reader's browser would take it; empty where it leads to no web page."""
    text = LINE_ENDS.sub("", whole(address).strip())
    for character, code in QUOTED.items():
        text = text.replace(character, code)
    return text if is_web_link(text) else ""


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
