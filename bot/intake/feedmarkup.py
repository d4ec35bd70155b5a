"""Cuts a feed down to the elements that are read, and refuses markup made to hurt a parser.

feedparser takes the square of the length of an author's name, of the number of categories and of
the attributes of one tag (10 KB to 1 MB are minutes), so it is shown none of what is not needed.
Entity declarations are refused unread, and so are endless markup and bottomless nesting.
"""

import re
from collections import Counter
from typing import NoReturn

from bot.errors import FetchFailed

MAX_DEPTH = 2000
MAX_ATTRIBUTES = 500
# feedparser needs up to 15 µs for each; more marks than this are not a feed but an attack on it.
MAX_MARKS = {"<": 250_000, "&": 500_000}
NEEDED = frozenset(
    (
        *("rss", "rdf", "feed", "channel", "item", "entry", "title", "link", "guid", "id"),
        *("pubdate", "published", "updated", "date", "issued", "modified", "created"),
    )
)
# What a title may be marked up with.
INLINE = frozenset(
    (
        *("div", "span", "p", "a", "b", "i", "u", "em", "strong", "small", "sub", "sup"),
        *("q", "cite", "abbr", "code", "mark", "br", "font"),
    )
)
KEPT = NEEDED | INLINE
NOT_A_FEED = (
    "What is at this address is not a feed. Look for the site's feed address; it often ends in "
    "/feed or /rss."
)

# feedparser takes this, and not the first true element, to be the end of the declarations.
FIRST_ELEMENT = re.compile(r"<\w", re.ASCII)
# A span that holds no markup, a declaration, or a tag: whether it closes, and its name.
MARKUP = re.compile(
    r"<(?:(!--|!\[CDATA\[|\?)|(!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)\b)|(/?)([a-z_][^\s<>/]*))",
    re.IGNORECASE,
)
# Read in turn by a loop: Python before 3.11.5 gets possessive repeats of groups wrong.
TAG_PIECE = re.compile(r"""[^"'<>]+|"[^"<]*"|'[^'<]*'""")
SPAN_ENDS = {"!--": "-->", "![CDATA[": "]]>", "?": "?>"}


def essential(text: str) -> str:
    """The feed with nothing but what is needed; FetchFailed where it is none or an attack."""
    first = FIRST_ELEMENT.search(text)
    if first is None:
        raise FetchFailed(NOT_A_FEED)
    if any(text.count(mark) > limit for mark, limit in MAX_MARKS.items()):
        _refuse_markup()
    return _checked_head(text[: first.start()]) + _Cutting(text, first.start()).result()


def _checked_head(head: str) -> str:
    """What stands before the elements, on one line: feedparser's search of it is quadratic too.

    It finds declarations even inside comments, so these are searched as well.
    """
    lowered = head.lower()
    doctype = lowered.partition("<!doctype")[2].partition(">")[0]
    if "<!entity" in lowered or "[" in doctype:
        _refuse_declaration()
    return " ".join(head.split())


def _refuse_markup() -> NoReturn:
    raise FetchFailed("The feed has far more markup than any real one, so it was not read.")


def _refuse_declaration() -> NoReturn:
    raise FetchFailed("The feed declares entities, which no feed needs, so it was not read.")


class _Cutting:
    """One walk over the tags. An unclosed tag ends with its parent, as in careless HTML."""

    def __init__(self, text: str, start: int) -> None:
        self.text, self.kept_from = text, start
        self.pieces: list[str] = []
        self.open_tags: list[str] = []
        self.counts: Counter[str] = Counter()
        self.skipped = ""
        self.skipped_depth = 0

    def result(self) -> str:
        position = self.kept_from
        while found := MARKUP.search(self.text, position):
            start, position = found.span()
            span, declaration, closes, name = found.groups()
            if span:
                position = self._span_end(position, SPAN_ENDS[span.upper()])
            elif declaration:
                _refuse_declaration()
            elif closes:
                self._close(name.lower(), start, self._tag_end(start, position))
            else:
                position = self._tag_end(start, position)
                self._open(name.lower(), start, position, self.text.endswith("/>", start, position))
        if not self.skipped:
            self.pieces.append(self.text[self.kept_from :])
        return "".join(self.pieces)

    def _span_end(self, position: int, ending: str) -> int:
        end = self.text.find(ending, position)
        return end + len(ending) if end >= 0 else len(self.text)

    def _tag_end(self, start: int, position: int) -> int:
        end = position
        while piece := TAG_PIECE.match(self.text, end):
            end = piece.end()
        if self.text.startswith(">", end):
            end += 1
        else:
            found = self.text.find("<", position)
            end = found if found >= 0 else len(self.text)
        if self.text.count("=", start, end) > MAX_ATTRIBUTES:
            _refuse_markup()
        return end

    def _open(self, name: str, start: int, end: int, is_empty: bool) -> None:
        if self.skipped:
            self.skipped_depth += name == self.skipped and not is_empty
            return
        is_needed = name.rpartition(":")[2] in KEPT
        if not is_needed:
            self.pieces.append(self.text[self.kept_from : start])
            self.kept_from = end
        if is_empty:
            return
        if not is_needed:
            self.skipped, self.skipped_depth = name, 1
            return
        self.open_tags.append(name)
        self.counts[name] += 1
        if len(self.open_tags) > MAX_DEPTH:
            _refuse_markup()

    def _close(self, name: str, start: int, end: int) -> None:
        if self.skipped and self.counts[name]:
            self.skipped, self.kept_from = "", start
        elif self.skipped:
            self.skipped_depth -= name == self.skipped
            if not self.skipped_depth:
                self.skipped, self.kept_from = "", end
            return
        while self.counts[name]:
            top = self.open_tags.pop()
            self.counts[top] -= 1
            if top == name:
                return
