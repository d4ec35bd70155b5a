"""Decodes a feed's bytes once and refuses what would hurt its parser.

What was checked is what is parsed: the parser is given this text in UTF-8 and decides nothing about
encodings itself. Entity declarations, endless markup and bottomless nesting are refused unread.
"""

import codecs
import re
from collections import Counter
from typing import NoReturn

from bot.errors import FetchFailed

MAX_BYTES = 5_000_000
MAX_DEPTH = 2000
# feedparser's time grows with the square of a tag's attributes: 20,000 take it four seconds.
MAX_ATTRIBUTES = 500
# feedparser needs about 15 µs for each; more marks than this are not a feed but an attack on it.
MAX_MARKS = {"<": 250_000, "&": 500_000}

NOT_A_FEED = (
    "What is at this address is not a feed. Look for the site's feed address; it often ends in "
    "/feed or /rss."
)
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
FIRST_BYTES = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
# What browsers take these names to mean, because most pages that use them do.
REALLY = {
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "latin-1": "windows-1252",
    "iso-8859-1": "windows-1252",
    "gb2312": "gb18030",
}
DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Encodings found in text, as opposed to codecs that decode slowly or mean something else.
TEXT_ENCODING = re.compile(
    r"utf-?8|windows-?\d+|cp\d+|iso-?8859-?\d+|iso-?2022-?\w+|koi8-?\w|mac-?\w+|gb\w+|big5[\w-]*"
    r"|euc[-_]\w+|shift[-_]?jis|tis-?620|johab|hz",
    re.IGNORECASE,
)

XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
FIRST_ELEMENT = re.compile(r"<\w", re.ASCII)
# Characters XML does not allow: they would only push the parser into its slow, lenient path.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# A span that holds no markup, a declaration, or a tag: whether it closes, and its name.
MARKUP = re.compile(
    r"<(?:(!--|!\[CDATA\[|\?)|(!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)\b)|(/?)([a-z_][^\s<>/]*))",
    re.IGNORECASE,
)
TAG_REST = re.compile(r"""(?:[^"'<>]++|"[^"<]*+"|'[^'<]*+')*+>""")
SPAN_ENDS = {"!--": "-->", "![CDATA[": "]]>", "?": "?>"}


def safe_text(body: bytes, content_type: str = "") -> str:
    """The feed as text without XML declaration; FetchFailed where it must not be parsed."""
    if len(body) > MAX_BYTES:
        raise FetchFailed("The feed is larger than 5 MB, the most we read.")
    text = NOT_XML.sub("", _decoded(body, content_type)).lstrip("\ufeff \t\r\n")
    text = XML_DECLARATION.sub("", text, count=1)
    if not text.strip():
        raise FetchFailed("The feed is empty. We try again later.")
    first = FIRST_ELEMENT.search(text)
    if first is None:
        raise FetchFailed(NOT_A_FEED)
    _refuse_too_much(text)
    _refuse_depth(text)
    return _checked_head(text[: first.start()]) + text[first.start() :]


def _decoded(body: bytes, content_type: str) -> str:
    for name in _encodings(body, content_type):
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("windows-1252", "replace")


def _encodings(body: bytes, content_type: str) -> list[str]:
    """Likely encodings, likeliest first: bytes that are UTF-8 are so by chance only in ASCII."""
    for start, name in (*BYTE_ORDER_MARKS, *FIRST_BYTES):
        if body.startswith(start):
            return [name]
    charset, declared = CHARSET.search(content_type), DECLARED.search(body[:1000])
    named = [charset[1] if charset else "", declared[1].decode("ascii") if declared else ""]
    named = [REALLY.get(name.lower(), name) for name in named if TEXT_ENCODING.fullmatch(name)]
    return [*named, "utf-8"] if body.isascii() else ["utf-8", *named]


def _refuse_too_much(text: str) -> None:
    for mark, limit in MAX_MARKS.items():
        if text.count(mark) > limit:
            _refuse_markup()


def _refuse_markup() -> NoReturn:
    raise FetchFailed("The feed has far more markup than any real one, so it was not read.")


def _checked_head(text: str) -> str:
    """What stands before the first element, without declarations of entities, on one line.

    feedparser looks for declarations there, even inside comments, and its search takes the square
    of the number of lines.
    """
    lowered = text.lower()
    doctype = lowered.partition("<!doctype")[2].partition(">")[0]
    if "<!entity" in lowered or "[" in doctype:
        _refuse_declaration()
    return " ".join(text.split())


def _refuse_declaration() -> NoReturn:
    raise FetchFailed("The feed declares entities, which no feed needs, so it was not read.")


def _refuse_depth(text: str) -> None:
    """Walk the tags; unclosed ones are closed by their parent, as in careless HTML."""
    open_tags: list[str] = []
    counts: Counter[str] = Counter()
    position = 0
    while found := MARKUP.search(text, position):
        position = found.end()
        span, declaration, closes, name = found.groups()
        if span:
            position = _span_end(text, position, SPAN_ENDS[span.upper()])
        elif declaration:
            _refuse_declaration()
        elif closes:
            _close(name, open_tags, counts)
        elif not _is_empty(text, found.start(), position):
            open_tags.append(name)
            counts[name] += 1
            if len(open_tags) > MAX_DEPTH:
                _refuse_markup()


def _span_end(text: str, position: int, ending: str) -> int:
    end = text.find(ending, position)
    return end + len(ending) if end >= 0 else len(text)


def _is_empty(text: str, start: int, position: int) -> bool:
    """Whether the tag closes itself; refuses one with attributes beyond measure."""
    rest = TAG_REST.match(text, position)
    if rest is None:
        end = text.find("<", position)
        end = end if end >= 0 else len(text)
    else:
        end = rest.end()
    if text.count("=", start, end) > MAX_ATTRIBUTES:
        _refuse_markup()
    return text.endswith("/>", start, end)


def _close(name: str, open_tags: list[str], counts: Counter[str]) -> None:
    while counts[name]:
        top = open_tags.pop()
        counts[top] -= 1
        if top == name:
            return
