"""Sees which accounts another program connected or disconnected, beside the pages.

Not within a request: no page is to wait for it. What these pages did themselves is known at once.
The memory that pages left is given back on the same rounds.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot import memory
from bot.wiring import Bot

EVERY_SECONDS = 5.0
log = structlog.get_logger()


@contextmanager
def keeping_up(bot: Bot) -> Iterator[None]:
    """Look every few seconds until the block ends."""
    over = threading.Event()
    looking = threading.Thread(target=_look, args=(bot, over), name="keeping up", daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()


def _look(bot: Bot, over: threading.Event) -> None:
    while not over.wait(EVERY_SECONDS):
        try:
            bot.credentials.refresh()
        except Exception:
            log.exception("accounts not looked at", action="accounts not looked at")
        memory.trim()
