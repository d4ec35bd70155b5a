"""Decodes a feed's bytes, once, to text without an XML declaration.

The parser later gets this text in UTF-8 and decides nothing about encodings itself, so what was
checked is what is parsed. Bytes that are valid UTF-8 are taken for it whatever the server says.
"""

import codecs
import re
from html.entities import html5

from bot.errors import FetchFailed

MAX_BYTES = 5_000_000

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
# Encodings of text, as opposed to codecs that decode slowly or mean something else.
TEXT_ENCODING = re.compile(
    r"utf-?8|windows-?\d+|cp\d+|iso-?8859-?\d+|iso-?2022-?\w+|latin-?\d|(us-)?ascii|koi8-?\w"
    r"|mac-?\w+|gb\w+|big5[\w-]*|euc[-_]\w+|shift[-_]?jis|tis-?620|johab|hz",
    re.IGNORECASE,
)
RIGHT_FOR_EACH_WRONG = 3
XML_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
# Characters XML does not allow: they would only push the parser into its slow, lenient path.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|(\d+));?", re.IGNORECASE)
# HTML's names for characters, which XML does not know and its parser would stumble over.
MARKS = frozenset("<>&\"'")
NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([a-zA-Z][a-zA-Z0-9]{1,30};)")


def decoded(body: bytes, content_type: str = "") -> str:
    """The feed as text; FetchFailed where it is empty or too large."""
    if len(body) > MAX_BYTES:
        raise FetchFailed("The feed is larger than 5 MB, the most we read.")
    text = NOT_XML.sub("", _text(body, content_type)).lstrip("\ufeff \t\r\n")
    text = XML_DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    if not text.strip():
        raise FetchFailed("The feed is empty. We try again later.")
    if text.startswith("{"):
        return text  # JSON, which knows no references
    return NAMED.sub(_named_character, REFERENCE.sub(_real_character, text))


def _named_character(found: re.Match[str]) -> str:
    """The character, or its number where it would be obeyed."""
    character = html5.get(found[1], found[0])
    return f"&#{ord(character)};" if character in MARKS else character


def _real_character(found: re.Match[str]) -> str:
    """The reference as it stands, or nothing where no character has its number."""
    digits, base = (found[1], 16) if found[1] else (found[2], 10)
    number = int(digits, base) if len(digits) <= 10 else 0
    is_real = 32 <= number < 0xD800 or 0xDFFF < number <= 0x10FFFF or number in {9, 10, 13}
    return found[0] if is_real else ""


def _text(body: bytes, content_type: str) -> str:
    for name in _encodings(body, content_type):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            if name == "utf-8" and _is_utf8_but_for_slips(body):
                return body.decode(name, "replace")
        except LookupError:
            continue
    return body.decode("windows-1252", "replace")


def _is_utf8_but_for_slips(body: bytes) -> bool:
    """Whether far more of its letters beyond ASCII are right than wrong."""
    text = body.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return beyond_ascii - wrong > RIGHT_FOR_EACH_WRONG * wrong


def _encodings(body: bytes, content_type: str) -> list[str]:
    """Likely encodings, likeliest first; only in ASCII is being UTF-8 no evidence."""
    for start, name in (*BYTE_ORDER_MARKS, *FIRST_BYTES):
        if body.startswith(start):
            return [name]
    charset, declared = CHARSET.search(content_type), DECLARED.search(body[:1000])
    named = [charset[1] if charset else "", declared[1].decode("ascii") if declared else ""]
    named = [REALLY.get(name.lower(), name) for name in named if TEXT_ENCODING.fullmatch(name)]
    return [*named, "utf-8"] if body.isascii() else ["utf-8", *named]
