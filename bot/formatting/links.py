"""Tags a link so that the group's own statistics say where its readers came from.

Only adds: what the address has stays as it is, byte for byte, and a tag it has already is kept.
"""

import re
import unicodedata
from urllib.parse import quote

MOST_WORDS = 5
MEDIUM = "social"


def tagged(link: str, *, source: str, campaign: str | None, words: str) -> str:
    """The link with utm_source, utm_medium, utm_campaign and utm_content, where they are missing.

    The source is the platform, the content the post's first words.
    """
    address, sign, fragment = link.partition("#")
    base, _, query = address.partition("?")
    tags = {
        "utm_source": source,
        "utm_medium": MEDIUM,
        "utm_campaign": slug(campaign or ""),
        "utm_content": slug(" ".join(re.sub(r"https?://\S+", " ", words).split()[:MOST_WORDS])),
    }
    present = {field.partition("=")[0].lower() for field in re.split("[&;]", query)}
    added = [
        f"{name}={quote(value)}" for name, value in tags.items() if value and name not in present
    ]
    if not added:
        return link
    kept = query.rstrip("&")
    return f"{base}?{'&'.join(filter(None, (kept, *added)))}{sign}{fragment}"


def slug(text: str) -> str:
    """Small Latin letters, digits and hyphens: `Río Guapinol` as `rio-guapinol`."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return re.sub(r"[^\w]+|_+", "-", letters).strip("-")
