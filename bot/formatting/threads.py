"""Splitting a long text into Parts that fit: at paragraphs, then sentences, then words.

Nothing is lost or reordered. A word that does not fit a Part by itself is reported, not cut.
"""

import re
from collections.abc import Callable

from bot.errors import PostInvalid

Fits = Callable[[str, bool], bool]
BREAKS = (
    ("\n\n", re.compile(r"\n\s*\n")),
    (" ", re.compile(r"(?<=[.!?…])\s+")),
    (" ", re.compile(r"\s+")),
)


def split(text: str, fits: Fits) -> list[str]:
    """Pieces in order; `fits(piece, is_first)` says whether one can be a Part."""
    pieces: list[str] = []
    rest = text.strip()
    while rest:
        piece, rest = _longest_start(rest, lambda words: fits(words, not pieces))
        pieces.append(piece)
    return pieces


def _longest_start(text: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    if fits(text):
        return text, ""
    for _, pattern in BREAKS:
        best = 0
        for match in pattern.finditer(text):
            if not fits(text[: match.start()]):
                break
            best = match.end()
        if best:
            return text[:best].strip(), text[best:].strip()
    raise PostInvalid(f"“{text.split(maxsplit=1)[0][:40]}…” is too long to fit a single post.")
