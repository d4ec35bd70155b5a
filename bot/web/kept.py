"""A few results that took long to make, kept for minutes; never more than a set number.

What they were made from is part of their key, so that newer readings are never hidden by them.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The newest `most` results, each for as long as it lasts; safe for several threads."""

    def __init__(self, most: int, lasts: timedelta) -> None:
        self._most, self._lasts = most, lasts
        self._found: OrderedDict[Hashable, tuple[datetime, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, now: datetime, make: Callable[[], T]) -> T:
        """The result of that key, made where there is none that lasts."""
        with self._lock:
            at, result = self._found.get(key, (None, None))
        if at is not None and result is not None and timedelta() <= now - at < self._lasts:
            return result
        made = make()
        with self._lock:
            self._found[key] = (now, made)
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made
