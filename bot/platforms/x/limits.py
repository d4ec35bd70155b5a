"""Reads X's rate limit headers: until when to be quiet.

A window counts only when it is used up. X answers 429 for a used-up day beside a healthy quarter of
an hour, so the latest of all used-up windows decides.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

WINDOWS = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")
LONGEST_WAIT = timedelta(days=32)


def quiet_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The latest believable reset among the windows that are used up; None where there is none."""
    resets = [
        _reset(headers.get(f"{window}-reset", ""), now)
        for window in WINDOWS
        # A window that names a reset but no rest is taken at its word: this is a 429.
        if headers.get(f"{window}-remaining", "0").strip() == "0"
    ]
    resets.append(_after(headers.get("retry-after", ""), now))
    return max((reset for reset in resets if reset is not None), default=None)


def _after(value: str, now: datetime) -> datetime | None:
    """Not in X's documents, but where it is sent it is a stated time."""
    digits = value.strip()
    if not (digits.isascii() and digits.isdigit() and 0 < len(digits) <= 7):
        return None
    wait = timedelta(seconds=int(digits))
    return now + wait if timedelta(0) < wait <= LONGEST_WAIT else None


def _reset(value: str, now: datetime) -> datetime | None:
    digits = value.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 11):
        return None
    reset = datetime.fromtimestamp(int(digits), UTC)
    return reset if now < reset <= now + LONGEST_WAIT else None
