"""Reading what an Account shows now: an answer, or why there is none.

The one way to ask a Platform for its own list; it never raises, whatever the Platform's code does.
"""

from datetime import datetime

import structlog

from bot.platforms.contract import Platform, Seen, Unreadable

log = structlog.get_logger()


def read(platform: Platform, since: datetime) -> tuple[Seen, ...] | Unreadable:
    """Our own posts there created at or after `since`, in any order."""
    try:
        return platform.recent(since)
    except Exception as error:
        log.exception("reading raised", action="reading raised", account=platform.rules.title)
        return Unreadable(f"The timeline could not be read ({type(error).__name__}).")
