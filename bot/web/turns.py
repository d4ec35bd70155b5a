"""Whoever reads thousands of posts waits until nobody else does.

Python runs one thread at a time: several at once would not be ready sooner, only fill the memory
several times over. What waits for a platform, a child or a slow reader takes no turn. So many may
wait that the other pages still have a thread to be served by; one more is asked to come back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, RLock

from werkzeug.exceptions import ServiceUnavailable

from bot import memory

# Who serves: one of them reads, as many may wait, and one is left for everybody else.
THREADS = 8
MAY_WAIT = THREADS - 2
LONGEST_WAIT_SECONDS = 20.0
COME_BACK_SECONDS = 30

_turn = RLock()
_places = BoundedSemaphore(MAY_WAIT)


@contextmanager
def long_work() -> Iterator[None]:
    """One thread's turn; it may take it again within. What it filled is given back at its end.

    ServiceUnavailable where too many wait already, or the turn does not come.
    """
    if not (_turn.acquire(blocking=False) or _waited()):
        raise ServiceUnavailable(retry_after=COME_BACK_SECONDS)
    try:
        yield
    finally:
        memory.trim()
        _turn.release()


def _waited() -> bool:
    if not _places.acquire(blocking=False):
        return False
    try:
        return _turn.acquire(timeout=LONGEST_WAIT_SECONDS)
    finally:
        _places.release()
