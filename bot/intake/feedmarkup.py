"""Cuts a feed down to the elements that are read, and refuses markup made to hurt a parser.

feedparser takes the square of the length of an author's name, of the number of categories and of
the attributes of one tag (10 KB to 1 MB are minutes), so it is shown none of what is not needed.
Entity declarations are refused unread, and so are endless markup and bottomless nesting.
"""

import re
from collections import Counter
from datetime import datetime
from typing import NoReturn

from bot.errors import FetchFailed
from bot.intake.entry import MAX_ENTRIES
from bot.intake.feeddates import moment

MAX_DEPTH = 2000
MAX_ATTRIBUTES = 500
# feedparser needs up to 15 µs for each. A feed with more is cut where that many are read; a single
# entry with more is not an article but an attack.
MAX_MARKS = 250_000
MAX_MARKS_PER_ENTRY = 100_000
MAX_AMPERSANDS = 500_000
ENTRIES = frozenset(("item", "entry"))
# Elements that hold a few words and are compared with one another, or searched, at great cost.
SHORT = frozenset(("author", "creator", "managingeditor", "category", "subject", "keywords"))
MAX_SHORT = 300
MAX_SHORT_PER_ENTRY = 30
NEEDED = frozenset(
    (
        *("rss", "rdf", "feed", "channel", "item", "entry", "title", "link", "guid", "id"),
        *("pubdate", "published", "updated", "date", "issued", "modified", "created"),
        *("description", "summary", "content", "encoded", "abstract", "body", "name", "origlink"),
        *("enclosure", "group", "thumbnail", "image", "language", "ttl"),
        *("updateperiod", "updatefrequency", *SHORT),
    )
)
# What a title or an article may be marked up with.
HTML = frozenset(
    (
        *("div", "span", "p", "a", "b", "i", "u", "em", "strong", "small", "sub", "sup", "s"),
        *("q", "cite", "abbr", "code", "mark", "br", "font", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr", "img", "figure"),
        *("figcaption", "picture", "table", "thead", "tbody", "tfoot", "tr", "td", "th"),
        *("caption", "section", "article", "header", "footer", "aside", "main", "time"),
        *("center", "del", "ins", "address", "wbr"),
    )
)
KEPT = NEEDED | HTML
# Feedparser would take these for the article's own title and summary; they are only second best.
SECOND_BEST = {
    "media:title": "mediatitle",
    "media:description": "mediadescription",
    "itunes:summary": "itunessummary",
}
NOT_A_FEED = (
    "What is at this address is not a feed. Look for the site's feed address; it often ends in "
    "/feed or /rss."
)

CDATA = "<![CDATA["
BARE_AMPERSAND = re.compile(r"&(?!#\d+;|#x[0-9a-f]+;|[a-z]\w{0,30};)", re.IGNORECASE)
ELEMENT = re.compile(r"<[a-z_]", re.IGNORECASE)
HEAD_ENDS = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
# A span that holds no markup, a declaration, or a tag: whether it closes, and its name.
MARKUP = re.compile(
    r"<(?:(!--|!\[CDATA\[|\?)|(!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)\b)|(/?)([a-z_][^\s<>/]*))",
    re.IGNORECASE,
)
# Read in turn by a loop: Python before 3.11.5 gets possessive repeats of groups wrong.
TAG_PIECE = re.compile(r"""[^"'<>]+|"[^"<]*"|'[^'<]*'""")
# What a picture shows, inside the element that names the picture.
CAPTION = re.compile(
    r"<media:(?:description|title|text)\b[^<>]*>\s*(?:<!\[CDATA\[)?([^<]{1,1000})", re.IGNORECASE
)
MAX_CAPTION_DISTANCE = 3000
ENTRY_START = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)
DATE = re.compile(
    r"<(?:pubdate|published|updated|dc:date|issued|modified)\b[^<>]*>\s*(?:<!\[CDATA\[)?([^<]{1,99})",
    re.IGNORECASE,
)
MAX_DATE_DISTANCE = 20_000
SPAN_ENDS = {"!--": "-->", "![CDATA[": "]]>", "?": "?>"}


def essential(text: str) -> str:
    """The feed with nothing but what is needed; FetchFailed where it is none or an attack.

    No more than the first 500 entries are there (the last, where the feed lists the oldest first),
    and no entry that begins behind so much markup that a parser would be kept busy.
    """
    text = _newest_part(text)
    start = _root(text)
    _check_head(text[:start])
    body = _with_whole_references(_Cutting(text, start).result())
    if body.count("&") > MAX_AMPERSANDS:
        _refuse_markup()
    return body


def _with_whole_references(text: str) -> str:
    """Ampersands that begin no reference written as such, or the parser would misread the rest."""
    outside, *sections = text.split(CDATA)
    pieces = [BARE_AMPERSAND.sub("&amp;", outside)]
    for section in sections:
        inside, end, outside = section.partition("]]>")
        pieces += [CDATA, inside, end, BARE_AMPERSAND.sub("&amp;", outside)]
    return "".join(pieces)


def _root(text: str) -> int:
    """Where the first true element begins: behind all comments, instructions and declarations."""
    position = text.find("<")
    while position >= 0:
        ending = next((end for mark, end in HEAD_ENDS if text.startswith(mark, position)), None)
        if ending is None and ELEMENT.match(text, position):
            return position
        ended = text.find(ending, position) if ending else position
        position = text.find("<", ended + 1) if ended >= 0 else -1
    raise FetchFailed(NOT_A_FEED)


def _newest_part(text: str) -> str:
    """The feed without its first entries, where it has too many and these are the oldest."""
    starts = [found.start() for found in ENTRY_START.finditer(text)]
    if len(starts) <= MAX_ENTRIES:
        return text
    first, last = _date_in(text, starts[0], starts[1]), _date_in(text, starts[-1], len(text))
    if first is None or last is None or first >= last:
        return text
    return text[: starts[0]] + text[starts[-MAX_ENTRIES] :]


def _date_in(text: str, start: int, end: int) -> datetime | None:
    found = DATE.search(text, start, min(end, start + MAX_DATE_DISTANCE))
    return moment(found[1]) if found else None


def _check_head(head: str) -> None:
    """Refuse declarations, even inside comments, where a parser may find them all the same."""
    lowered = head.lower()
    doctype = lowered.partition("<!doctype")[2].partition(">")[0]
    if "<!entity" in lowered or "[" in doctype:
        _refuse_declaration()


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
        self.as_written: list[str] = []
        self.counts: Counter[str] = Counter()
        self.skipped = ""
        self.skipped_depth = 0
        self.entries = self.short = self.marks = self.marks_before = 0

    def result(self) -> str:
        position = self.kept_from
        while found := MARKUP.search(self.text, position):
            start, position = found.span()
            self.marks += 1
            if self.marks - self.marks_before > MAX_MARKS_PER_ENTRY:
                _refuse_markup()
            span, declaration, closes, name = found.groups()
            if span:
                position = self._span_end(position, SPAN_ENDS[span.upper()])
            elif declaration:
                _refuse_declaration()
            elif closes:
                self._close(name.lower(), start, self._tag_end(start, position))
            elif name.lower() in ENTRIES and self._is_full():
                return self._cut_at(start)
            else:
                position = self._tag_end(start, position)
                self._open(name.lower(), start, position, self.text.endswith("/>", start, position))
        if not self.skipped:
            self.pieces.append(self.text[self.kept_from :])
        return "".join(self.pieces)

    def _is_full(self) -> bool:
        """Whether the entry that begins here is one too many; counts it where it is not."""
        self.entries += 1
        self.short, self.marks_before = 0, self.marks
        return self.entries > MAX_ENTRIES or self.marks > MAX_MARKS

    def _cut_at(self, start: int) -> str:
        """End the feed here, with everything that is open closed."""
        if not self.skipped:
            self.pieces.append(self.text[self.kept_from : start])
        return "".join((*self.pieces, *(f"</{name}>" for name in reversed(self.as_written))))

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
        if not self._is_needed(name, end, is_empty):
            self._keep_until(start, end)
            if not is_empty:
                self.skipped, self.skipped_depth = name, 1
            return
        self._rewrite(name, start, end, is_empty)
        if is_empty:
            return
        self.open_tags.append(name)
        self.as_written.append(self.text[start + 1 : start + 1 + len(name)])
        self.counts[name] += 1
        if len(self.open_tags) > MAX_DEPTH:
            _refuse_markup()

    def _is_needed(self, name: str, end: int, is_empty: bool) -> bool:
        prefix, _, local = name.rpartition(":")
        if local in SHORT and not is_empty:
            self.short += 1
            closing = self.text.find("</", end, end + MAX_SHORT)
            return closing >= 0 and self.short <= MAX_SHORT_PER_ENTRY
        if self.counts["image"]:
            return name == "url"
        if local == "image":
            # A channel's logo has a title and a link, which are not the channel's.
            return bool(prefix) or bool(self.entries)
        if name in SECOND_BEST:
            return not self.counts["media:content"]
        return local in KEPT

    def _rewrite(self, name: str, start: int, end: int, is_empty: bool) -> None:
        """Give the parser another tag where it would misread this one."""
        if name in SECOND_BEST and not is_empty:
            self._put(f"<{SECOND_BEST[name]}>", start, end)
        elif name == "image" and not is_empty:
            self._put("<entryimage>", start, end)
        elif name == "media:content" and not is_empty:
            close = self.text.find("</media:content", end, end + MAX_CAPTION_DISTANCE)
            caption = CAPTION.search(self.text, end, max(close, end))
            if caption and self.text.endswith(">", start, end):
                words = caption[1].replace('"', "&quot;").strip()
                self._put(f'{self.text[start : end - 1]} alt="{words}">', start, end)

    def _keep_until(self, start: int, end: int) -> None:
        self.pieces.append(self.text[self.kept_from : start])
        self.kept_from = end

    def _put(self, tag: str, start: int, end: int) -> None:
        self._keep_until(start, end)
        self.pieces.append(tag)

    def _close(self, name: str, start: int, end: int) -> None:
        if self.skipped and self.counts[name]:
            self.skipped, self.kept_from = "", start
        elif self.skipped:
            self.skipped_depth -= name == self.skipped
            if not self.skipped_depth:
                self.skipped, self.kept_from = "", end
            return
        if not self.counts[name]:
            return
        if name in SECOND_BEST or name == "image":
            self._put(f"</{SECOND_BEST.get(name, 'entryimage')}>", start, end)
        while self.counts[name]:
            top = self.open_tags.pop()
            self.as_written.pop()
            self.counts[top] -= 1
            if top == name:
                return
