"""The shape every text takes before it is counted, and the form in which texts are compared."""

import hashlib
import re
import unicodedata

MARKDOWN_MARKS = (
    (re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__"), "**bold** marks would be shown as they are"),
    (re.compile(r"(?m)^#{1,6} \S"), "a heading mark (#) would be shown as it is"),
    (re.compile(r"\[[^\]\n]+\]\([^)\n]+\)"), "a [link](address) would be shown as it is"),
)


def tidy(text: str) -> str:
    """NFC, LF line ends, no spaces at line ends, no blank lines around."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def markdown_marks(text: str) -> list[str]:
    """What would look odd because posts are plain text."""
    return [said for pattern, said in MARKDOWN_MARKS if pattern.search(text)]


def comparison_key(text: str, link: str | None) -> str:
    """A digest equal for texts a reader would call the same: case, spaces and marks folded."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = re.sub(r"[\W_]+", " ", folded).strip() or re.sub(r"\s+", " ", folded).strip()
    address = re.sub(r"^https?://(www\.)?", "", (link or "").casefold()).rstrip("/")
    if address and address in re.sub(r"\s", "", folded):
        address = ""
    return hashlib.sha256(f"{words}\n{address}".encode()).hexdigest()
