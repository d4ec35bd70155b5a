"""Lint of what a Platform makes clickable: links, mentions and stock symbols.

A dot without a space after it can make a link by accident; those are told from links that were
meant by the capital letter a new sentence begins with.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.formatting.wording import Wording, blanked
from bot.platforms.contract import Length

SCHEME = re.compile(r"https?://", re.IGNORECASE)
BOX = re.compile(r"(?i)p\.?o\.box")
# Names that no sentence begins with, so that Change.Org is a name and not a missing space.
NEVER_A_WORD = frozenset({"com", "org", "net", "uk", "eu", "tv", "edu", "gov", "biz", "io", "ly"})

Found = tuple[int | None, str]


def accidental_links(length: Length) -> list[tuple[int, str, str]]:
    """Links that only a missing space made: position, words as written, words corrected."""
    slips = []
    for link in length.links:
        corrected = _with_space(link.text)
        if corrected:
            slips.append((link.start, link.text, corrected))
    return slips


def _with_space(link: str) -> str | None:
    before, dot, name = link.rpartition(".")
    has_path = re.search(r"[/?:#]", SCHEME.sub("", link, count=1))
    if not dot or has_path:
        return None
    begins_sentence = name[:1].isupper() and not name[1:].isupper()
    if BOX.fullmatch(link) or (begins_sentence and name.lower() not in NEVER_A_WORD):
        return f"{before}. {name}"
    return None


def meant_bare(length: Length) -> list[tuple[int, str]]:
    """Links without https:// that look as if they were meant: position and words."""
    slips = {start for start, _, _ in accidental_links(length)}
    return [
        (link.start, link.text)
        for link in length.links
        if not SCHEME.match(link.text) and link.start not in slips
    ]


def missing_spaces(wording: Wording) -> Iterator[Found]:
    """`tonight.At` is a link to a host in Austria."""
    title = wording.rules.title
    for start, written, corrected in accidental_links(wording.length):
        yield (
            start,
            (
                f"“{written}” lacks a space: {title} would make a link of it that leads nowhere"
                f"{_dearer(wording)}. Write “{corrected}”; write other words under "
                f"{wording.rules.platform}:; or, if you mean a link, all of it in small letters."
            ),
        )


def bare_domains(wording: Wording) -> Iterator[Found]:
    """A name such as bbc.co.uk is a link to X, with or without https://."""
    for start, written in meant_bare(wording.length):
        yield (
            start,
            (
                f"{wording.rules.title} makes a link of “{written}”{_dearer(wording)}. If you mean "
                "none, write it without the dot."
            ),
        )


def _dearer(wording: Wording) -> str:
    if wording.dearer_by_link is None:
        return ""
    plain, linked = wording.dearer_by_link
    return f", and the post costs {_dollars(linked)} instead of {_dollars(plain)}"


def _dollars(amount: Decimal) -> str:
    whole = f"{amount:.3f}"
    return f"${whole.removesuffix('0')}"


def many_links(wording: Wording) -> Iterator[Found]:
    """One link is enough on a Platform that says so."""
    most, links = wording.rules.max_links, wording.length.links
    if most is not None and len(links) > most:
        yield (
            None,
            (
                f"{len(links)} links in one post. Readers follow one clear link more; "
                f"{wording.rules.title} shows a card for one only."
            ),
        )


def link_without_words(wording: Wording) -> Iterator[Found]:
    """A post that is nothing but a link."""
    length = wording.length
    has_link = bool(length.links or wording.link)
    rest = blanked(wording.text, (*length.links, *length.hashtags, *length.mentions))
    if has_link and wording.text and len(re.findall(r"[^\W\d_]{2,}", rest)) < 2:
        yield None, "There is a link but hardly a word. Say what the link leads to and why."


def mentions(wording: Wording) -> Iterator[Found]:
    """X refuses posts by programs that mention people who did not write to us first."""
    if not wording.rules.refuses_mentions:
        return
    for mention in wording.length.mentions:
        yield (
            mention.start,
            (
                f"{wording.rules.title} may refuse a program's post that mentions {mention.text}. "
                "Write the name without the @, or post it by hand."
            ),
        )


def cashtags(wording: Wording) -> Iterator[Found]:
    """A dollar sign before letters is a stock symbol."""
    for tag in wording.length.cashtags:
        yield (
            tag.start,
            (
                f"{wording.rules.title} makes a link to stock prices of “{tag.text}”. "
                "Leave a space, or write the word."
            ),
        )


def many_cashtags(wording: Wording) -> Iterator[Found]:
    """More stock symbols than the Platform takes."""
    most, tags = wording.rules.max_cashtags, wording.length.cashtags
    if most is not None and len(tags) > most:
        words = " and ".join(tag.text for tag in tags)
        yield (
            None,
            (
                f"{wording.rules.title} refuses more than {most} stock symbol a post ({words}). "
                f"Leave a space after the $, write the word, or write other words under "
                f"{wording.rules.platform}:."
            ),
        )
