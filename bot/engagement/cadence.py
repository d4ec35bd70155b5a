"""At which ages a post is counted, and when that is next. Pure.

The ages that the settings name come first. Then a post is counted more and more seldom while it
still moves, and no more once it is flat or old: every reading costs money.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

# Until which age, and how far apart, a post is counted once the last named age is past.
LATER = ((timedelta(weeks=5), timedelta(weeks=1)), (timedelta(days=95), timedelta(days=30)))


def next_count(
    sent_at: datetime, now: datetime, ages: Sequence[timedelta], *, is_flat: bool = False
) -> datetime | None:
    """When the first age still to come is reached; None once the last is past.

    `is_flat`: the last two readings are equal. It ends the later readings, never the named ones.
    """
    named = _first_after(now, sent_at, ages)
    if named is not None or is_flat or not ages:
        return named
    return _first_after(now, sent_at, list(later_than(max(ages))))


def later_than(last_named: timedelta) -> Iterator[timedelta]:
    """The ages at which a post that still moves is counted beyond the named ones."""
    age = last_named
    for until, step in LATER:
        while age + step <= until:
            age += step
            yield age


def _first_after(now: datetime, sent_at: datetime, ages: Sequence[timedelta]) -> datetime | None:
    return min((sent_at + age for age in ages if sent_at + age > now), default=None)
