"""The only place that knows what time it is, and what a typed local time means (`clock.local`).

Times inside the bot are aware and in UTC. Tests and the simulator install another clock; nothing
else calls `datetime.now` or `time.time`.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_now() -> datetime:
    """The machine's wall clock, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never jump, for deadlines inside one process.

    The time a machine sleeps counts: Linux leaves it out of Python's own monotonic clock, and what
    was to be sent within seconds must not leave when the lid is opened the next day.
    """
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def steady(clock: Clock) -> Clock:
    """That clock as it would go on from here if nobody set it: for how long ago something was."""
    begun, started = clock(), monotonic()
    return lambda: begun + timedelta(seconds=monotonic() - started)


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with a trailing Z and whole seconds, as `--json` writes times."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
