"""The wordings of a post that recurs: parted by a line `***`, taken in turn. Pure.

A post that does not recur has one wording, whatever stands in it.
"""

import re
from dataclasses import replace

from bot.formatting.text import tidy
from bot.model.written import Written

MARK = re.compile(r"^\*\*\*$", re.MULTILINE)


def wordings(text: str) -> list[str]:
    """The wordings in their order; empty ones are none."""
    return [words for _, words in _placed(text)]


def count(written: Written, platform: str) -> int:
    """How many wordings a Platform has in turn; at least one."""
    if written.every is None:
        return 1
    return max(len(wordings(written.text_for(platform))), 1)


def worded(written: Written, n: int) -> Written:
    """The post in its n-th wording, counted from 0 and round again; each text by itself."""
    if written.every is None:
        return written
    lines = dict(written.lines)
    texts = {}
    for name, text in written.texts.items():
        texts[name] = _nth(name, text, n, lines)
    return replace(written, body=_nth("body", written.body, n, lines), texts=texts, lines=lines)


def _nth(name: str, text: str, n: int, lines: dict[str, int]) -> str:
    """The wording; `lines` is told where it begins."""
    found = _placed(text)
    if not found:
        return text
    start, words = found[n % len(found)]
    if name in lines:
        lines[name] += text.count("\n", 0, start)
    return words


def _placed(text: str) -> list[tuple[int, str]]:
    """Where each wording begins, and its words."""
    marks = list(MARK.finditer(text))
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    pieces = [(start, text[start:end]) for start, end in zip(starts, ends, strict=True)]
    return [
        (start + len(piece) - len(piece.lstrip()), words)
        for start, piece in pieces
        if (words := tidy(piece))
    ]
