"""When a feed is read next: by our own rhythm, put off by what it and its server ask for. Pure.

Nothing here ever makes the bot come sooner, and nothing a stranger says silences a feed for good.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.intake.entry import Parsed

LONGEST_WAIT = timedelta(hours=24)
MAX_DOUBLINGS = 20
HOUR = timedelta(hours=1)


def next_check(
    now: datetime,
    every: timedelta,
    ttl: timedelta | None,
    skips: Mapping[str, Any],
    not_before: datetime | None,
) -> datetime:
    """After a reading that went well; `skips` has "hours" and "days" in UTC, Monday being 0."""
    wait = max(every, min(ttl or every, LONGEST_WAIT))
    moment = max(now + wait, not_before or now)
    return _past(moment, skips.get("hours") or (), skips.get("days") or ())


def _past(moment: datetime, hours: Collection[int], days: Collection[int]) -> datetime:
    """The next time that is in none of these, or a day later where there is none that soon."""
    latest, found = moment + LONGEST_WAIT, moment
    while found.hour in hours or found.weekday() in days:
        found = found.replace(minute=0, second=0, microsecond=0) + HOUR
        if found >= latest:
            return latest
    return found


def after_error(
    now: datetime, every: timedelta, errors: int, retry_at: datetime | None
) -> datetime:
    """After the n-th failure in a row: twice as long each time, up to a day."""
    wait: timedelta = min(every * 2 ** min(errors, MAX_DOUBLINGS), max(LONGEST_WAIT, every))
    return max(now + wait, retry_at or now)


def skips_of(parsed: Parsed) -> dict[str, list[int]]:
    """What the feed said of hours and days, for the database; nothing where it said nothing."""
    said = {"hours": list(parsed.skip_hours), "days": list(parsed.skip_days)}
    return {name: values for name, values in said.items() if values}
