"""Lint of the language a text is marked with. It is guessed from the small words, by counting.

A text without a mark is not judged, and a guess never changes anything. Only languages whose small
words are listed here can be told.
"""

import re
from collections.abc import Iterator

from bot.formatting.wording import Wording

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Fewer small words of the other language prove nothing: names and quotations have some.
AT_LEAST = 4

LANGUAGES = {"en": "English", "es": "Spanish", "pt": "Portuguese"}
_SMALL = {
    "en": """the of and to in is that it for on with as was are be this by at from have has our we
        they their not but who what when will your you us""",
    "es": """el la los las de del y en que es por para con una un su sus se lo al como más pero
        nuestra nuestro esta este son fue han no hay sin sobre ya muy""",
    "pt": """o a os as de do da dos das e em que é por para com uma um seu sua se no na nos nas ao
        como mais mas nossa nosso esta este são foi não há sem sobre já muito pelo pela""",
}
SMALL_WORDS = {code: frozenset(words.split()) for code, words in _SMALL.items()}

Found = tuple[int | None, str]


def marked_wrongly(wording: Wording) -> Iterator[Found]:
    """A text that has more than twice as many small words of another language than of its own."""
    if wording.lang is None:
        return
    words = [found[0].lower() for found in WORD.finditer(wording.prose)]
    counts = {code: sum(word in small for word in words) for code, small in SMALL_WORDS.items()}
    likeliest = max(counts, key=lambda code: counts[code])
    if counts[likeliest] < AT_LEAST or counts[likeliest] <= 2 * counts[wording.lang]:
        return
    said = f"The text reads as {LANGUAGES[likeliest]}, and is marked {LANGUAGES[wording.lang]}."
    yield None, f"{said} Write lang: {likeliest}, or take the line out."
