"""When to try again, as data: after NotReached, after a park, and between looks at a timeline."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.store import workers

NOT_REACHED_AFTER = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
# A twin from before the Attempt is never ours, except for what two clocks may differ by.
CLOCK_SKEW = timedelta(minutes=2)
# How long after a request's deadline a Platform may still date a post it accepted.
LATE_ACCEPTANCE = timedelta(minutes=10)
WORKER_IS_DEAD_AFTER = workers.DEAD_AFTER
MIN_READABLE_LOOKS = 2
MAX_DOUBTED_ATTEMPTS = 3


def after_not_reached(tries: int) -> timedelta:
    """The pause after the n-th try in a row that reached nobody; the last one repeats."""
    return NOT_REACHED_AFTER[min(max(tries, 1), len(NOT_REACHED_AFTER)) - 1]


def next_look(doubt_since: datetime, looks: int, schedule: Sequence[timedelta]) -> datetime | None:
    """When the look after `looks` looks is due; None when the schedule is used up."""
    return doubt_since + schedule[looks] if looks < len(schedule) else None


def resend_window(schedule: Sequence[timedelta]) -> tuple[timedelta, timedelta]:
    """From and until how long after an Attempt its absence may lead to sending again.

    15 to 60 minutes under the default schedule, scaled with it; never shorter than a minute.
    """
    longest = max(schedule, default=timedelta(0))
    return longest, max(longest * 4, longest + timedelta(minutes=1))
