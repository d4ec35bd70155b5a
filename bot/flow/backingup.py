"""The nightly copy of the database, as the heartbeat makes it."""

from pathlib import Path

from bot.store import nightly
from bot.wiring import Bot


def back_up_due(bot: Bot) -> Path | None:
    """Make the copy that is due, if one is; StoreError where it cannot be made.

    A server's database is copied by its own programs, and one in memory by nobody.
    """
    database, keep, now = bot.store.path, bot.settings.backup_keep, bot.clock()
    if database is None or not keep or not nightly.is_due(database, now, bot.settings.zone):
        return None
    return nightly.make(database, keep, now, bot.settings.zone)
