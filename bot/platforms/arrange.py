"""Puts text, link and imprint in order, the same way on every Platform, and names addresses.

Pure. Blank lines between the three; the imprint is last, on its own line.
"""

import re
from urllib.parse import urlsplit

# What may stand right after a link inside a sentence without being part of it.
AFTER_LINK = r"(?=[.,;:!?)\]>\"'…»”’]*(?:\s|$))"


def joined(text: str, link: str | None, imprint: str | None) -> str:
    """The lines a reader sees; the link is added only where the text does not have it already."""
    wanted = None if link is None or has_link(text, link) else link
    return "\n\n".join(piece for piece in (text, wanted, imprint) if piece)


def has_link(text: str, link: str) -> bool:
    """Whether the text contains exactly this link, not merely a longer one that begins with it."""
    return re.search(re.escape(link) + AFTER_LINK, text) is not None


def front_of(api_url: str) -> str:
    """The front page of a simulator, where both its timelines are drawn."""
    parts = urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc}/"
