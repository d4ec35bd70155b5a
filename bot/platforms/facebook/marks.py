"""Counts a text as Facebook does, by code points, and finds links, mentions and hashtags in it.

Only links with a scheme are found: Facebook makes cards of nothing else that is sent to it.
"""

import re

from bot.platforms.contract import Length, Span

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]}»”’…]", re.IGNORECASE)
MENTION = re.compile(r"(?<![\w@/.])@[\w.]{1,50}(?<!\.)")
HASHTAG = re.compile(r"(?<![\w&/#])#(?=\w*[^\W\d_])\w+")


def measure(text: str) -> Length:
    """The text's length and marks; what looks like a mark inside a link is part of the link."""
    links = _spans(LINK, text)
    blanked = list(text)
    for link in links:
        blanked[link.start : link.end] = " " * (link.end - link.start)
    rest = "".join(blanked)
    return Length(len(text), links, _spans(MENTION, rest), _spans(HASHTAG, rest))


def _spans(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    return tuple(Span(m.start(), m.end(), m[0]) for m in pattern.finditer(text))
