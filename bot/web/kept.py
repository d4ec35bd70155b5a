"""A few results that took long to make, kept for minutes, packed; never more than so many bytes.

What they were made from is part of their key, so that newer readings are never hidden by them. They
are packed, because small objects made while much else was in memory would hold all of it there.
Only one is made at a time: others who ask for it meanwhile get the same.
"""

import pickle
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar, cast

from bot.web import turns

T = TypeVar("T")
FASTEST = 1  # of zlib's levels; a board has a fifteenth of its size then


class Kept(Generic[T]):
    """The newest results that fit into `most_bytes`, each for as long as it lasts; thread-safe."""

    def __init__(self, most_bytes: int, lasts: timedelta) -> None:
        self._most, self._lasts = most_bytes, lasts
        self._found: OrderedDict[Hashable, tuple[datetime, bytes]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, now: datetime, make: Callable[[], T]) -> T:
        """The result of that key, made where there is none that lasts."""
        if (packed := self._newest(key, now)) is None:
            with turns.long_work():
                packed = self._newest(key, now)  # somebody else may have made it meanwhile
                if packed is None:
                    packed = zlib.compress(pickle.dumps(make()), FASTEST)
                    self._keep(key, now, packed)
        # Packed here, from results of our own.
        return cast("T", pickle.loads(zlib.decompress(packed)))  # noqa: S301

    def _newest(self, key: Hashable, now: datetime) -> bytes | None:
        with self._lock:
            at, packed = self._found.get(key, (None, None))
        return packed if at is not None and timedelta() <= now - at < self._lasts else None

    def _keep(self, key: Hashable, now: datetime, packed: bytes) -> None:
        with self._lock:
            self._found[key] = (now, packed)
            self._found.move_to_end(key)
            while sum(len(one) for _, one in self._found.values()) > self._most:
                self._found.popitem(last=False)
