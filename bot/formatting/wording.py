"""What the lint looks at: one account's words, what a Platform makes of them, and what is known.

Nothing here judges. Checks get a text in which what is not prose (links, hashtags, mentions) is
blanked out, so that positions stay those of the author's text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from bot.model.written import Picture
from bot.platforms.contract import Length, Rules, Span

# One emoji with its skin tone, style mark and joined followers; flags are two letters.
EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|[#*0-9]\ufe0f?\u20e3"
    "|(?:[\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001faff\u231a-\u231b\u23e9-\u23f3"
    "\u25fd-\u25fe\u2600-\u27bf\u2b05-\u2b55]|[\u00a9\u00ae\u203c-\u3299](?=\ufe0f))"
    "(?:[\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
    "|\u200d[\u2190-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff])*"
)


@dataclass(frozen=True, slots=True)
class Recent:
    """A post of ours that waits or went out not long ago, for comparison."""

    name: str
    text: str
    is_out: bool


@dataclass(frozen=True)
class Wording:
    """One text to look at; `on` is the day it goes out, as far as anybody knows."""

    text: str
    length: Length
    rules: Rules
    link: str | None = None
    lang: str | None = None
    media: tuple[Picture, ...] = ()
    thread: bool = False
    on: date | None = None
    dearer_by_link: tuple[Decimal, Decimal] | None = None
    known_acronyms: frozenset[str] = frozenset()
    recent: tuple[Recent, ...] = field(default=())

    @cached_property
    def prose(self) -> str:
        """The text with links, mentions, hashtags and cashtags blanked out."""
        length = self.length
        marks = (*length.links, *length.mentions, *length.hashtags, *length.cashtags)
        return blanked(self.text, marks)

    @cached_property
    def emoji(self) -> list[Span]:
        return [Span(found.start(), found.end(), found[0]) for found in EMOJI.finditer(self.prose)]


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with spaces where the spans are."""
    letters = list(text)
    for span in spans:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(letters)
