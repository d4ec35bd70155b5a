"""Keeps requests to one host apart, however many threads and feeds want something there.

Times are a clock's that never jumps; waiting is a parameter, so that tests need not.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.clock import monotonic

SPACING_SECONDS = 1.0


@dataclass
class Pace:
    """Hands out turns: each host's next is `seconds` after the one before."""

    seconds: float = SPACING_SECONDS
    now: Callable[[], float] = monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, host: str) -> None:
        """Return when it is this caller's turn; who asks first is served first."""
        with self._lock:
            now = self.now()
            turn = max(now, self._next.get(host, now))
            # Hosts that may be asked at once are as good as forgotten.
            self._next = {name: at for name, at in self._next.items() if at > now}
            self._next[host] = turn + self.seconds
        if turn > now:
            self.sleep(turn - now)
