"""The nightly copy of the database, as the heartbeat makes it."""

from contextlib import suppress
from pathlib import Path

from bot.errors import StoreError
from bot.store import backuplog, nightly
from bot.wiring import Bot


def back_up_due(bot: Bot) -> Path | None:
    """Make the copy that is due, if one is; StoreError where it cannot be made.

    A server's database is copied by its own programs, and one in memory by nobody.
    """
    database, keep, now = bot.store.path, bot.settings.backup_keep, bot.clock()
    if database is None or not keep or not nightly.is_due(database, now, bot.settings.zone):
        return None
    try:
        saved = nightly.make(database, keep, now, bot.settings.zone)
    except StoreError as error:
        _note(bot, str(error))
        raise
    _note(bot)
    return saved


def _note(bot: Bot, error: str | None = None) -> None:
    """How it went, for doctor and alarms; a full disk takes no note, which is noticed as well."""
    with suppress(StoreError), bot.store.write() as session:
        backuplog.note(session, bot.clock(), error)
