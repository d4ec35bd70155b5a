"""Run by a test as a process of its own: move a database, and be killed at a chosen statement."""

import os
import signal
import sys

from sqlalchemy import Engine, event
from test_moving import ask

from bot.clock import system_now
from bot.store import copying, moving
from bot.store.engine import Store


def main(source: str, target: str, statement: str, nth: str) -> None:
    """Die, as by `kill -9`, when that statement is about to be made for the nth time."""
    left = int(nth)

    def count(_connection, _cursor, text, *_rest) -> None:
        nonlocal left
        left -= text.startswith(statement)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    copying.BATCH_ROWS = copying.BATCH_PICTURES = 3
    event.listen(Engine, "before_cursor_execute", count)
    moving.move(Store(source, system_now), Store(target, system_now), ask())


if __name__ == "__main__":
    main(*sys.argv[1:])
