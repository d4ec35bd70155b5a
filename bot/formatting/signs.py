"""Lint of emoji, letters that are not letters, and the words that go with pictures."""

import re
import unicodedata
from collections.abc import Iterator

from bot.formatting.wording import Wording

MOST_EMOJI = 3
PICTURE_WORDS = re.compile(
    r"(?:an? |the )?(?:image|picture|photo|photograph|graphic|screenshot) (?:of|showing)\b",
    re.IGNORECASE,
)
FANCY_NAME = re.compile(
    r"(?:MATHEMATICAL|(?:NEGATIVE )?(?:CIRCLED|SQUARED)|PARENTHESIZED LATIN|FULLWIDTH LATIN"
    r"|DOUBLE-STRUCK|SCRIPT|BLACK-LETTER|LATIN LETTER SMALL CAPITAL|TAG LATIN)\b"
)
LETTER_NAME = re.compile(r"\b(CAPITAL|SMALL)(?: LETTER)? ([A-Z])$")
# Only letters beyond these can be fancy; nearly every text has none.
MAYBE_FANCY = re.compile(
    "[\u0260-\u029f\ua730-\ua731\u1d00-\u1dbf\u2100-\u214f\u249c-\u24e9\uff21-\uff5a\U0001d400-\U0001f189]"
)

Found = tuple[int | None, str]
# What is said of a picture, and which it is: `media 1` is the first.
Of = tuple[str, str]


def many_emoji(wording: Wording) -> Iterator[Found]:
    """Each is read out by name."""
    count = len(wording.emoji)
    if count > MOST_EMOJI:
        yield (
            None,
            (
                f"{count} emoji; screen readers say each by its name. {MOST_EMOJI} at the most, at "
                "the end."
            ),
        )


def emoji_as_words(wording: Wording) -> Iterator[Found]:
    """An emoji between words of one sentence is read out in the middle of it."""
    text = wording.prose
    for emoji in wording.emoji:
        before = text[: emoji.start].rpartition("\n")[2].rstrip()
        after = text[emoji.end :].partition("\n")[0].lstrip()
        if before[-1:].isalpha() and after[:1].isalpha() and after[:1].islower():
            yield (
                emoji.start,
                f"{emoji.text} stands inside a sentence. Write the word, and put emoji at the end.",
            )


def plain_letter(sign: str) -> str | None:
    """The letter that a mathematical, circled or similar sign stands for; None for any other."""
    name = unicodedata.name(sign, "")
    if not FANCY_NAME.match(name):
        return None
    folded = unicodedata.normalize("NFKC", sign).strip("()")
    if len(folded) == 1 and folded.isascii() and folded.isalnum():
        return folded
    letter = LETTER_NAME.search(name)
    if letter is None:
        return None
    return letter[2].lower() if letter[1] == "SMALL" and "SMALL CAPITAL" not in name else letter[2]


def fancy_letters(wording: Wording) -> Iterator[Found]:
    """Two or more such letters; one alone may be a sign that is meant."""
    if not MAYBE_FANCY.search(wording.text):
        return
    plain = [plain_letter(sign) or sign for sign in wording.text]
    fancy = [at for at, sign in enumerate(wording.text) if sign != plain[at]]
    if len(fancy) < 2:
        return
    words = "".join(plain)
    start = words.rfind(" ", 0, fancy[0]) + 1
    end = words.find(" ", fancy[-1])
    shown = " ".join(words[start : end if end >= 0 else None].split())
    yield (
        fancy[0],
        (
            "Screen readers skip or spell these letters, which only look like letters. Write: "
            f"“{shown[:60]}{'…' if len(shown) > 60 else ''}”"
        ),
    )


def alt_texts(wording: Wording) -> Iterator[Of]:
    """Every picture says in words what matters in it."""
    for n, picture in enumerate(wording.media, 1):
        alt = picture.alt.strip()
        if not alt:
            said = (
                f"{picture.file} has no alt text. Say in words what matters in the picture; it "
                "cannot go out without."
            )
            yield f"media {n}", said
        elif opening := PICTURE_WORDS.match(alt):
            said = (
                f"{picture.file}: the alt text begins “{opening[0]}”. Screen readers say that it "
                "is a picture; begin with what it shows."
            )
            yield f"media {n}", said


def long_alt_texts(wording: Wording) -> Iterator[Of]:
    """Words that the Platform would not take."""
    most = wording.rules.max_alt
    for n, picture in enumerate(wording.media, 1):
        length = len(picture.alt.strip())
        if length > most:
            said = (
                f"{picture.file}: the alt text has {length:,} of {most:,} characters. Shorten it."
            )
            yield f"media {n}", said
