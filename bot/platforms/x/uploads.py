"""Uploads pictures to X with their alt texts, before the post that shows them.

Nobody sees an upload, so one that fails or is lost in doubt may simply be made again: whatever is
not a clear refusal is NotReached. Shapes: https://docs.x.com/x-api/media, read 2026-11-23.
"""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from bot.platforms.contract import Image, NotReached, Outcome, Refused, Sent, Unknown

# Whether X takes words for these is not documented. They are offered; a no does not stop the post.
PERHAPS_WITHOUT_WORDS = frozenset({"video/mp4"})

Post = Callable[[str, dict[str, Any]], Outcome]


def upload(image: Image, content: bytes, post: Post) -> str | Outcome:
    """The media id of one still picture; `post` sends a body to a path and says how that ended."""
    body = {
        "media": b64encode(content).decode("ascii"),
        "media_category": "tweet_image",
        "media_type": image.mime_type,
    }
    uploaded = post("/2/media/upload", body)
    if not isinstance(uploaded, Sent):
        return _harmless(uploaded)
    return describe(uploaded.remote_id, image, post)


def describe(media_id: str, image: Image, post: Post) -> str | Outcome:
    """The same id once X has the alt text, which must come before the post."""
    if not image.alt:
        return media_id
    body = {"id": media_id, "metadata": {"alt_text": {"text": image.alt}}}
    described = post("/2/media/metadata", body)
    may_go_without = image.mime_type in PERHAPS_WITHOUT_WORDS and _is_no(described)
    return media_id if isinstance(described, Sent) or may_go_without else _harmless(described)


def _is_no(outcome: Outcome) -> bool:
    """Whether X refused, be it in words that nobody has seen before."""
    status = outcome.detail.status or 0
    unheard = isinstance(outcome, Unknown) and 400 <= status < 500
    return isinstance(outcome, Refused) or unheard


def _harmless(outcome: Outcome) -> Outcome:
    return NotReached(outcome.reason, outcome.detail) if isinstance(outcome, Unknown) else outcome
