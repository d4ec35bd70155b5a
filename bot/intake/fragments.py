"""Paragraphs from the piece of HTML that a feed carries: one walk over its tags, nothing parsed.

Pure and linear in the text. Headings, lists, captions, tables and quotation blocks are left out: a
post quotes running text only.
"""

import html
import re
from collections.abc import Iterator

from bot.intake.furniture import is_furniture
from bot.intake.readable import cleaned

MAX_FRAGMENT = 200_000
TAG = re.compile(r"<(/?[a-z][a-z0-9]*)(?:[\s/][^<>]*)?>", re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
SKIPPED = frozenset(
    (
        *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "figure", "figcaption"),
        *("script", "style", "form", "button", "aside", "nav", "blockquote", "iframe", "svg"),
        *("video", "audio", "noscript", "footer", "header", "select", "template"),
    )
)
BLOCKS = frozenset(
    ("p", "div", "section", "article", "main", "center", "td", "tr", "hr", "pre", "address")
)


def paragraphs(fragment: str) -> list[str]:
    """The paragraphs of running text, plain; of text without tags, the lines."""
    text = COMMENT.sub("", fragment[:MAX_FRAGMENT])
    if TAG.search(text) is None and TAG.search(html.unescape(text)):
        text = html.unescape(text)  # escaped twice
    lines = [cleaned(piece) for piece in _pieces(text)]
    return [line for line in lines if line and not is_furniture(line)]


def _pieces(text: str) -> Iterator[str]:
    held: list[str] = []
    skipped, depth, breaks, position = "", 0, 0, 0
    for tag in TAG.finditer(text):
        if not skipped:
            held.append(text[position : tag.start()])
        position = tag.end()
        name, closes = tag[1].lower().lstrip("/"), tag[1].startswith("/")
        if skipped:
            depth += (name == skipped) * (-1 if closes else 1)
            skipped = skipped if depth else ""
            continue
        breaks = breaks + 1 if name == "br" and not held[-1].strip() else int(name == "br")
        if name in SKIPPED and not closes:
            skipped, depth = name, 1
        if name in BLOCKS or name in SKIPPED or breaks > 1:
            yield "".join(held)
            held = []
        elif name == "br":
            held.append(" ")
    if not skipped:
        held.append(text[position:])
    yield "".join(held)
