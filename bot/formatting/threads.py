"""Splitting a long text into Parts that fit: where its author says so, then at paragraphs, then
sentences, then words.

Nothing is lost or reordered. Breaks are only ever made at spaces, so never inside a link, mention,
hashtag or emoji, and not within the first words of a quotation. A word that does not fit a Part by
itself is reported, not cut.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import islice

from bot.errors import PostInvalid

Fits = Callable[[str, int, bool], bool]
MANUAL_BREAK = re.compile(r"^---$", re.MULTILINE)
PARAGRAPH = re.compile(r"(?<=\S)[^\S\n]*\n[^\S\n]*\n\s*")
# Initials and titles end no sentence, and no sentence begins with a small letter.
SENTENCE = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|Sr|No))(?<!\b(?:Mrs|Sra|etc))(?<!\bProf)"
    r"[.!?…]+[\"”’»)\]]*(\s+)(?![a-z\s])"
)
SPACE = re.compile(r"\s+")
QUOTATION_OPENS = re.compile(r"(?<![^\s(\[])[\"“«‘](?=\S)")
QUOTATION_CLOSES = re.compile(r"[\"”»]|’(?!\w)")
FIRST_WORDS_OF_A_QUOTATION = 3

Place = tuple[int, int]


def without_breaks(text: str) -> str:
    """The text where nobody reads it in parts: a manual break is a blank line."""
    return "\n\n".join(sections(text)) if MANUAL_BREAK.search(text) else text


def sections(text: str) -> list[str]:
    """What the author's own breaks make of a text."""
    found = (section.strip() for section in MANUAL_BREAK.split(text))
    return [section for section in found if section]


def split(text: str, fits: Fits) -> list[str]:
    """Pieces in order; `fits(piece, n, is_last)` says whether one can be the n-th Part."""
    pieces: list[str] = []
    found = sections(text)
    for number, section in enumerate(found, 1):
        pieces += _split_section(section, fits, len(pieces) + 1, number == len(found))
    return pieces


def _split_section(section: str, fits: Fits, n: int, ends_thread: bool) -> list[str]:
    pieces: list[str] = []
    rest = section
    while True:
        breaks, are_all = _fitting_breaks(rest, fits, n)
        if are_all and fits(rest, n, ends_thread):
            return [*pieces, rest]
        if not breaks:
            word = rest.split(maxsplit=1)[0]
            shown = f"{word[:40]}{'…' if len(word) > 40 else ''}"
            raise PostInvalid(f"“{shown}” is too long to fit a single post.")
        start, end = _best(rest, breaks)
        pieces.append(rest[:start])
        rest, n = rest[end:], n + 1


def _fitting_breaks(text: str, fits: Fits, n: int) -> tuple[list[Place], bool]:
    """The spaces up to which a text fits, and whether they are all it has.

    Found by doubling and halving, as every word adds to what a text weighs: a long text is looked
    at no further than its next piece.
    """
    spaces = SPACE.finditer(text)
    breaks: list[Place] = []
    high = 1
    while True:
        breaks += [found.span() for found in islice(spaces, high - len(breaks))]
        if len(breaks) < high or not fits(text[: breaks[high - 1][0]], n, False):
            break
        high *= 2
    low, high = high // 2, min(high, len(breaks) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (middle, high) if fits(text[: breaks[middle - 1][0]], n, False) else (low, middle)
        )
    return breaks[:low], low == len(breaks)


def _best(text: str, breaks: Sequence[Place]) -> Place:
    """The last paragraph break among them, else the last end of a sentence, else the last space."""
    forbidden = _within_first_words(text, [start for start, _ in breaks])
    end = breaks[-1][1] + 1
    for pattern, group in ((PARAGRAPH, 0), (SENTENCE, 1), (SPACE, 0)):
        places = [found.span(group) for found in pattern.finditer(text, 0, end)]
        allowed = [place for place in places if place[0] not in forbidden]
        if allowed:
            return allowed[-1]
    return breaks[-1]


def _within_first_words(text: str, starts: Sequence[int]) -> frozenset[int]:
    """The spaces that would tear off the first words of a quotation."""
    forbidden: set[int] = set()
    for opening in QUOTATION_OPENS.finditer(text, 0, starts[-1] + 1):
        first = bisect_right(starts, opening.start())
        words = starts[first : first + FIRST_WORDS_OF_A_QUOTATION - 1]
        closing = QUOTATION_CLOSES.search(text, opening.end())
        forbidden.update(at for at in words if closing is None or at <= closing.start())
    return frozenset(forbidden)
