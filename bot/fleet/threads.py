"""Carries hints by threads of this process: no server, no engine, for one machine.

Urgent posts are begun first. What is handed over and not begun is given back when the bot stops.
"""

import heapq
import itertools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.delivery import sweep
from bot.store.claims import Hint
from bot.store.engine import Session, Store

MOST_WAITING = 512


class Threads:
    """A pool that takes the most urgent hint first."""

    def __init__(self, store: Store, threads: int, look_at: Callable[[int], None]) -> None:
        self._store, self._look_at = store, look_at
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="send")
        self._waiting: list[tuple[bool, int, int]] = []
        self._under_way = 0
        self._turns = itertools.count()
        self._changed = threading.Condition()

    def start(self) -> None:
        """Nothing: a thread is made when the first hint needs it."""

    def room(self) -> int:
        return MOST_WAITING - len(self._waiting)

    def carry(self, session: Session, hints: Sequence[Hint]) -> None:
        """Nothing yet: a thread must not look before the row is marked."""

    def begin(self, hints: Sequence[Hint]) -> None:
        for hint in hints:
            with self._changed:
                turn = (not hint.is_urgent, next(self._turns), hint.delivery_id)
                heapq.heappush(self._waiting, turn)
            self._pool.submit(self._take)

    def _take(self) -> None:
        with self._changed:
            if not self._waiting:
                return  # given back meanwhile
            *_, delivery_id = heapq.heappop(self._waiting)
            self._under_way += 1
        try:
            self._look_at(delivery_id)
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def drain(self, seconds: float) -> bool:
        with self._changed:
            back = [delivery_id for *_, delivery_id in self._waiting]
            self._waiting.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)
        if back:
            sweep.forget(self._store, back)
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, seconds)
