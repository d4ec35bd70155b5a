"""The copies a running bot makes by itself: when one is due, and which old ones go.

No copy lives longer than what it holds may: by number those of each night, by age those that an
upgrade or a restore set aside. None goes before a newer one was made and read through.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import StoreError
from bot.store import backup

NIGHT = range(3, 6)  # local hours
FRESH_FOR = timedelta(hours=20)
# A machine that is off at night makes its copy by day.
OLD_AFTER = timedelta(hours=26)
SET_ASIDE_FOR = timedelta(days=30)
SET_ASIDE = (".before-upgrade-", ".before-restore-")
TAILS = ("", "-wal", "-shm")


def folder_of(database: Path) -> Path:
    """Where copies lie unless somebody names another place."""
    return database.parent / "backups"


def made_folder(database: Path) -> Path:
    """The same, made where it is missing, for its owner alone."""
    folder = folder_of(database)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        raise StoreError(f"The folder {folder} cannot be made.") from None
    return folder


def newest(database: Path) -> tuple[datetime, Path] | None:
    """When the newest copy was made, and where it is."""
    copies = folder_of(database).glob(f"{database.stem}-[0-9]*-[0-9]*.db")
    found = [(datetime.fromtimestamp(path.stat().st_mtime, UTC), path) for path in copies]
    return max(found, default=None)


def is_due(database: Path, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a copy is to be made now: in the night, or when the last night brought none."""
    last = newest(database)
    age = now - last[0] if last is not None else OLD_AFTER
    return age >= OLD_AFTER or (age >= FRESH_FOR and now.astimezone(zone).hour in NIGHT)


def make(database: Path, keep: int, now: datetime, zone: ZoneInfo) -> Path:
    """Copy, check, then let the oldest go; StoreError, and none goes, where there is no copy."""
    folder = made_folder(database)
    target = backup.dated(folder, database.stem, now.astimezone(zone))
    backup.take(database, target)
    os.utime(target, (now.timestamp(), now.timestamp()))
    backup.thin_out(folder, database.stem, keep)
    for path in set_aside(database):
        if now.timestamp() - path.stat().st_mtime > SET_ASIDE_FOR.total_seconds():
            for tail in TAILS:
                path.with_name(path.name + tail).unlink(missing_ok=True)
    return target


def set_aside(database: Path) -> list[Path]:
    """Whole databases that an upgrade or a restore kept, in case somebody wants to go back."""
    folders = (database.parent, folder_of(database))
    return [
        path
        for folder in folders
        for kind in SET_ASIDE
        for path in sorted(folder.glob(f"{database.stem}{kind}[0-9]*.db"))
    ]
