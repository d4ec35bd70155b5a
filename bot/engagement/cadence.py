"""At which ages a post is counted, and when that is next. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def next_count(sent_at: datetime, now: datetime, ages: Sequence[timedelta]) -> datetime | None:
    """When the first age still to come is reached; None once the last is past."""
    return min((sent_at + age for age in ages if sent_at + age > now), default=None)
