"""Uploads pictures to the Page as unpublished photos, before the one post that shows them.

Nobody sees an unpublished photo, so one that fails or is lost in doubt may simply be made again:
whatever is not a clear refusal is NotReached.
"""

import re
from collections.abc import Callable
from datetime import datetime

from bot.platforms.contract import NotReached, Outcome, Sent, Unknown
from bot.platforms.facebook.classify import classify
from bot.platforms.replies import json_object
from bot.wire import Reply

PHOTO_ID = re.compile(r"[0-9]{1,20}", re.ASCII)


def photo_id(
    reply: Reply | NotReached | Unknown, now: datetime, hide: Callable[[str], str]
) -> str | Outcome:
    """The id of an uploaded photo, or why there is none."""
    if not isinstance(reply, Reply):
        return NotReached(reply.reason, reply.detail)
    found = (json_object(reply.body) or {}).get("id")
    if reply.status == 200 and isinstance(found, str) and PHOTO_ID.fullmatch(found):
        return found
    outcome = classify(reply, now, hide)
    if isinstance(outcome, Unknown | Sent):
        return NotReached("Facebook did not confirm the picture.", outcome.detail)
    return outcome
