"""Brings a database to this version while nothing runs, with a whole copy of how it was."""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.store import backup, nightly, schema
from bot.store.engine import Store
from bot.store.stopped import while_stopped


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which migration to which, and the copy made before, where there is one."""

    before: str
    after: str
    kept: Path | None

    @property
    def is_new(self) -> bool:
        return self.before != self.after


def upgrade(store: Store, before: str, zone: ZoneInfo) -> Upgraded:
    """Copy it, then carry out what is missing since `before`; nothing is changed without a copy.

    AlreadyRunning or NotAllowed while the bot runs. A server's database is not copied here.
    """
    with while_stopped(store):
        kept = _copied(store.path, before, store, zone) if store.path is not None else None
        _, after = schema.upgrade(store, is_alone=True)
    return Upgraded(before, after, kept)


def _copied(database: Path, before: str, store: Store, zone: ZoneInfo) -> Path:
    stem = f"{database.stem}.before-upgrade-{before}"
    folder = nightly.made_folder(database)
    target = backup.dated(folder, stem, store.clock().astimezone(zone))
    backup.take(database, target)
    return target
