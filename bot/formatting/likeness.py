"""Says when a text is nearly one of the recent ones: many of the same three words in a row."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bot.formatting.wording import Wording

ALIKE_FROM = 0.6
WORDS_IN_A_ROW = 3

Found = tuple[int | None, str]
Shingles = frozenset[tuple[str, ...]]


@lru_cache(maxsize=1024)  # the recent posts are the same for every file that is checked
def shingles(text: str) -> Shingles:
    """Every three words in a row, without case and marks; fewer words stand alone."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    last = max(len(words) - WORDS_IN_A_ROW, 0)
    return frozenset(tuple(words[at : at + WORDS_IN_A_ROW]) for at in range(last + 1) if words)


def likeness(one: Shingles, other: Shingles) -> float:
    """The share of both that they have in common, from 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def near_duplicates(wording: Wording) -> Iterator[Found]:
    """The recent post that is most like this one, if any is much like it."""
    if not wording.recent:
        return
    ours = shingles(wording.text)
    score, nearest = max(
        ((likeness(ours, shingles(one.text)), one) for one in wording.recent), key=lambda it: it[0]
    )
    if score >= ALIKE_FROM:
        when = "went out not long ago" if nearest.is_out else "waits"
        yield (
            None,
            (
                f"This is nearly the same as {nearest.name}, which {when}. "
                f"{wording.rules.title} may take it for spam; say something new."
            ),
        )
