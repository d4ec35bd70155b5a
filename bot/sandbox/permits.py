"""What a person was asked to allow: X's request tokens and Facebook's codes, until they are spent.

Each is good for ten minutes and for one use. Knows nothing of pages or of the wire.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

GOOD_FOR = timedelta(minutes=10)


@dataclass
class Permit:
    """One question to a person; `verifier` is there once they said yes."""

    key: str
    secret: str
    return_to: str
    asked_at: datetime
    verifier: str = ""


@dataclass
class Permits:
    """The permits of one sandbox; safe from any thread."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: dict[str, Permit] = field(default_factory=dict)

    def ask(self, return_to: str, clock: Callable[[], datetime]) -> Permit:
        """A new permit that will lead back to that address."""
        permit = Permit(secrets.token_urlsafe(20), secrets.token_urlsafe(24), return_to, clock())
        with self._lock:
            self._known[permit.key] = permit
        return permit

    def get(self, key: str, now: datetime) -> Permit | None:
        """The permit of that key, unless it is spent or too old."""
        return next((one for one in self.open(now) if one.key == key), None)

    def open(self, now: datetime) -> list[Permit]:
        """Those that may still be used."""
        with self._lock:
            return [one for one in self._known.values() if now - one.asked_at < GOOD_FOR]

    def clear(self) -> None:
        """Drop them all."""
        with self._lock:
            self._known.clear()

    def spend(self, key: str) -> bool:
        """Use a permit up; False where somebody has already."""
        with self._lock:
            return self._known.pop(key, None) is not None
