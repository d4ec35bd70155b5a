"""Watches over the heartbeat beside the pages: when it stops, somebody is told from here.

While it runs it tells of everything itself, and nothing is done here. No page waits for it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.errors import BotError
from bot.flow import alarms
from bot.wiring import Bot

log = structlog.get_logger()


@contextmanager
def watching(bot: Bot) -> Iterator[None]:
    """Look every few seconds until the block ends."""
    over = threading.Event()
    looking = threading.Thread(target=_look, args=(bot, over), name="watching", daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()


def _look(bot: Bot, over: threading.Event) -> None:
    while not over.wait(alarms.EVERY_SECONDS):
        try:
            alarms.watch_over_heartbeat(bot, over.is_set)
        except BotError as error:
            log.warning("tick failed", action="tick failed", tick="alarms", reason=str(error))
        except Exception:
            log.exception("tick failed", action="tick failed", tick="alarms")
