"""Looks whether the Imprint line stands where a post relies on it: profile, pinned post or page.

X's small limit is the only reason the law accepts another place than the post itself; a post that
relies on one waits while the line was not seen there within a day.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.platforms.contract import Health

PROFILE, PINNED, LINK = "profile", "pinned", "link"
PUNCTUATION = re.compile(r"[\s.,;:]+")


@dataclass(frozen=True, slots=True)
class Expected:
    """The line to look for, and how to read the page that may show it (empty where none does)."""

    line: str
    page: Callable[[], str]


def places_showing(line: str, health: Health, page: str = "") -> frozenset[str]:
    """The places whose words hold the line, however it is spaced and punctuated there."""
    wanted = _plain(line)
    shown = {PROFILE: health.bio or "", PINNED: health.pinned or "", LINK: page}
    return frozenset(place for place, words in shown.items() if wanted and wanted in _plain(words))


def _plain(words: str) -> str:
    return PUNCTUATION.sub(" ", unicodedata.normalize("NFC", words)).strip().casefold()
