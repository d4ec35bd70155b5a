"""X's rate limit headers, per endpoint and 15-minute window.

The limits are X's own (https://docs.x.com/x-api/fundamentals/rate-limits, read 2026-11-23 through
the fact sheet). They are counted always and enforced only when a test asks, so that a bench may
post thousands; unenforced, `remaining` stops at 1 and never claims that nothing is left.
"""

import threading
import time
from typing import NamedTuple

WINDOW_SECONDS = 900

LIMITS = {
    "create": 100,
    "delete": 50,
    "lookup": 5_000,
    "timeline": 900,
    "me": 75,
    "upload": 500,
    "chunk": 1_875,
    "metadata": 500,
}


class Window(NamedTuple):
    """What is left of one endpoint's allowance."""

    limit: int
    remaining: int
    resets_at: int

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The three documented headers."""
        return [
            ("x-rate-limit-limit", str(self.limit)),
            ("x-rate-limit-remaining", str(self.remaining)),
            ("x-rate-limit-reset", str(self.resets_at)),
        ]


class Windows:
    """Counts requests per endpoint; safe from any thread. Real time, as on the wire."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: dict[str, tuple[int, int]] = {}

    def spend(self, endpoint: str, enforce: bool) -> tuple[Window, bool]:
        """Count one request; the flag says whether it is allowed."""
        now = int(time.time())
        limit = LIMITS[endpoint]
        with self._lock:
            started, used = self._used.get(endpoint, (now, 0))
            if now >= started + WINDOW_SECONDS:
                started, used = now, 0
            allowed = used < limit or not enforce
            used += 1 if allowed else 0
            self._used[endpoint] = (started, used)
        remaining = max(0 if enforce else 1, limit - used)
        return Window(limit, remaining, started + WINDOW_SECONDS), allowed

    def clear(self) -> None:
        """Start every window again."""
        with self._lock:
            self._used.clear()
