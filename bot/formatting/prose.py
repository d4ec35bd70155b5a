"""Lint of how words are written: marks of Markdown, hashtags, capitals and acronyms."""

import re
from collections.abc import Iterator
from itertools import groupby

from bot.formatting.text import MARKDOWN_MARKS
from bot.formatting.threads import MANUAL_BREAK
from bot.formatting.wording import Wording

LONGEST_ACRONYM = 8
CAPITALS = re.compile(r"\b[^\W\d_]{2,}\b(?:[ \t]+\b[^\W\d_]{2,}\b)*")
ACRONYM = re.compile(r"(?<![\w&])[A-Z][A-Z&]{1,7}(?=s?(?![\w&]))")
ROMAN = re.compile(r"[IVXLC]+")
# Known to readers of British campaign posts; more are named in KNOWN_ACRONYMS.
_KNOWN = """
    AGM AI AM BBC BST CEO CV DC DIY DVD EC EEC EU EUR FAQ FC GB GBP GMT GP HIV HQ HR ID IMF
    IRA ITV IT IVF JP LA LED LGBT LGBTQ LP MEP MP MPS MSP NASA NATO NGO NHS NI NY OAP OK OPEC PA PC
    PDF PHD PM PMQS PO POW PR PRESS QC QR RAF RIP RSVP RT SMS SNP SOS SS TB TUC TV UFO UK UKIP UN
    UNESCO UNICEF URL US USA USB USD USSR VAT VIP VP WC WHO WTO WWI WWII YMCA YWCA"""
KNOWN = frozenset(_KNOWN.split())

Found = tuple[int | None, str]


def useless_breaks(wording: Wording) -> Iterator[Found]:
    """A line --- where no thread is asked for."""
    if wording.thread or not wording.rules.threads:
        return
    for found in MANUAL_BREAK.finditer(wording.text):
        yield (
            found.start(),
            "A line --- begins a new part only with thread: yes; here it is a blank line.",
        )


def markdown(wording: Wording) -> Iterator[Found]:
    """Posts are plain text."""
    for pattern, said in MARKDOWN_MARKS:
        if found := pattern.search(wording.text):
            yield found.start(), f"{said[:1].upper()}{said[1:]}. Posts are plain text."


def hashtag_case(wording: Wording) -> Iterator[Found]:
    """Without capitals a screen reader cannot tell the words apart."""
    for tag in wording.length.hashtags:
        letters = re.sub(r"[^\w]|[\d_]", "", tag.text)
        is_small = letters.islower()
        is_shouted = letters.isupper() and len(letters) > LONGEST_ACRONYM
        if is_small or is_shouted:
            yield (
                tag.start,
                (
                    f"{tag.text}: begin each word with a capital, as in #LatinAmerica, so that "
                    "screen readers read words."
                ),
            )


def many_hashtags(wording: Wording) -> Iterator[Found]:
    """More than the Platform's readers bear."""
    most, tags = wording.rules.max_hashtags, wording.length.hashtags
    if most is not None and len(tags) > most:
        yield None, f"{len(tags)} hashtags in one post; {most} at the most read well."


def capitals(wording: Wording) -> Iterator[Found]:
    """Three words or one long word in capitals; acronyms are left alone."""
    for start, _, words in _shouted(wording.prose):
        shown = " ".join(words[:4]) + ("…" if len(words) > 4 else "")
        yield start, f"“{shown}” is in capitals, which are hard to read. Write small letters."


def _shouted(prose: str) -> Iterator[tuple[int, int, list[str]]]:
    """Where words in capitals stand that are too many or too long, and which."""
    for run in CAPITALS.finditer(prose):
        words = re.finditer(r"\S+", run[0])
        for is_loud, group in groupby(words, key=lambda word: word[0].isupper()):
            found = list(group)
            loud = [word[0] for word in found]
            if is_loud and _is_shouting(loud):
                yield run.start() + found[0].start(), run.start() + found[-1].end(), loud


def _is_shouting(words: list[str]) -> bool:
    unknown = [word for word in words if word not in KNOWN]
    long = any(len(word) > LONGEST_ACRONYM for word in unknown)
    return long or (len(words) >= 3 and len(unknown) >= 2)


def acronyms(wording: Wording) -> Iterator[Found]:
    """Each acronym that nobody explained, once; `Full Name (FN)` and `FN (Full Name)` explain."""
    text = wording.prose
    loud = [(start, end) for start, end, _ in _shouted(text)]
    said: set[str] = set()
    for found in ACRONYM.finditer(text):
        word, at = found[0], found.start()
        known = word in KNOWN or word in wording.known_acronyms or ROMAN.fullmatch(word)
        if known or word in said or any(start <= at < end for start, end in loud):
            continue
        said.add(word)
        if not re.search(rf"\({re.escape(word)}s?\)|\b{re.escape(word)}s? \(", text):
            yield (
                at,
                (
                    f"“{word}” is not explained. Write it out once: Full Name ({word}). If your "
                    "readers know it, name it in KNOWN_ACRONYMS."
                ),
            )
