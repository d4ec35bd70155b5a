"""Whoever reads thousands of posts waits until nobody else does.

Python runs one thread at a time: several at once would not be ready sooner, only fill the memory
several times over. What waits for a platform, a child or a slow reader takes no turn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from bot import memory

_turn = RLock()


@contextmanager
def long_work() -> Iterator[None]:
    """One thread's turn; it may take it again within. What it filled is given back at its end."""
    with _turn:
        try:
            yield
        finally:
            memory.trim()
