"""Copies of an SQLite database: taken while it is written to, checked, and put back.

A copy is whole or not there: it is made under another name, opened and checked, and only then given
its own. Nothing is overwritten; the database that a backup replaces is kept under a dated name.
"""

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bot.errors import StoreError
from bot.model.delivery import Attempt, Decision, Delivery, State, Worker
from bot.model.post import Post
from bot.store.engine import Session

PAGES_A_STEP = 500
MODE = 0o600
WAITING = (State.WAITING, State.HELD, State.SENDING, State.UNCONFIRMED)
DISK_IS_FULL = "The disk is full: there is no backup. Free some space and try again."

SAID_BY_SQLITE = {
    sqlite3.SQLITE_FULL: DISK_IS_FULL,
    sqlite3.SQLITE_IOERR: "The disk does not take it; perhaps it is full. There is no backup.",
}

# Pages done and pages in all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database file holds, and the migration it stands at."""

    revision: str
    posts: int
    out: int
    waiting: int


def nothing(_done: int, _all: int) -> None:
    """Progress for nobody."""


def take(source: Path, target: Path, progress: Progress = nothing) -> Contents:
    """Copy a database as it is at this moment to a new file, and check the copy."""
    with _plain(), _unfinished(target) as copy:
        _copy(source, copy, progress)
        contents = check(copy)
        _settle(copy)
        try:
            os.link(copy, target)
        except FileExistsError:
            raise StoreError(f"{target} is there already. Nothing was overwritten.") from None
        except OSError:  # a file system without links
            if target.exists():
                raise StoreError(f"{target} is there already. Nothing was overwritten.") from None
            copy.rename(target)
        _sync_folder(target.parent)
    return contents


def _copy(source: Path, copy: Path, progress: Progress) -> None:
    with _opened(source, read_only=True) as old, _opened(copy) as new:
        # One read transaction over all steps: a writer meanwhile neither waits nor makes the
        # copying start again.
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        old.backup(
            new, pages=PAGES_A_STEP, progress=lambda _s, left, total: progress(total - left, total)
        )
        old.rollback()
        # The copy must be one file, whole without a -wal beside it.
        new.execute("PRAGMA journal_mode=DELETE")


def check(path: Path) -> Contents:
    """Open a file and read it through; StoreError when it is damaged or not ours."""
    try:
        with _opened(path, read_only=True) as db:
            found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise StoreError(f"{path} is damaged: {found}")
            return _contents(db, path)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise StoreError(f"{path} is not a database.") from None
        if "malformed" in str(error):
            raise StoreError(f"{path} is damaged.") from None
        raise


def _contents(db: sqlite3.Connection, path: Path) -> Contents:
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "post", "delivery"} <= tables:
        empty = "is empty" if not tables else "is not a database of this bot"
        raise StoreError(f"{path} {empty}.")
    revision = db.execute("SELECT version_num FROM alembic_version").fetchone()
    counts = dict(db.execute("SELECT state, count(*) FROM delivery GROUP BY state").fetchall())
    return Contents(
        revision=revision[0] if revision else "",
        posts=db.execute("SELECT count(*) FROM post").fetchone()[0],
        out=counts.get(State.SENT.value, 0),
        waiting=sum(counts.get(state.value, 0) for state in WAITING),
    )


@contextlib.contextmanager
def copied_beside(file: Path, database: Path) -> Iterator[Path]:
    """A private copy of a backup in the database's folder; gone at the end unless put in place."""
    if not file.is_file():
        raise StoreError(f"{file} is not there.")
    with _plain(), _unfinished(database) as copy:
        shutil.copyfile(file, copy)
        log = file.with_name(file.name + "-wal")
        if log.is_file():
            # A plain copy of a running database keeps its newest rows in there.
            shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
        check(copy)
        yield copy


def put_in_place(copy: Path, database: Path, now: datetime) -> Path | None:
    """Let the copy be the database; where the one before is kept, None if there was none."""
    with _plain():
        with _opened(copy) as db:
            db.execute("PRAGMA journal_mode=DELETE")
        _settle(copy)
        kept = dated(database.parent, f"{database.stem}.before-restore", now)
        had_one = database.exists()
        if had_one:
            _make_one_file(database)
            _link(database, kept)
        for tail in ("-wal", "-shm"):
            rest = database.with_name(database.name + tail)
            if rest.exists():
                # What a lost or broken database left there would damage the new one.
                rest.replace(kept.with_name(kept.name + tail))
        copy.replace(database)
        _sync_folder(database.parent)
    return kept if had_one else None


def _link(database: Path, kept: Path) -> None:
    try:
        os.link(database, kept)
    except OSError:  # a file system without links
        shutil.copy2(database, kept)


def _make_one_file(database: Path) -> None:
    """Fold the write-ahead log in, which also proves that no other program has it open."""
    try:
        with _opened(database) as db:
            db.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreError(
                "Another program has the database open (bot web?). Stop it first. "
                "Nothing was changed."
            ) from None
    except sqlite3.DatabaseError:
        return  # damaged: it is kept as it is


def dated(folder: Path, stem: str, at: datetime) -> Path:
    """A name with a time in it that nothing in the folder has yet."""
    name = f"{stem}-{at:%Y%m%d-%H%M%S}"
    free = (folder / f"{name}{n}.db" for n in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for path in free if not path.exists())


def thin_out(folder: Path, stem: str, keep: int) -> list[Path]:
    """Delete dated copies but for the newest; those that went."""
    copies = sorted(folder.glob(f"{stem}-[0-9]*-[0-9]*.db"), key=lambda path: path.stat().st_mtime)
    old = copies[: max(len(copies) - keep, 0)]
    for path in old:
        path.unlink()
    return old


def newest_moment(session: Session) -> datetime | None:
    """The time up to which a database knows what happened: that of its newest row."""
    columns = (
        Worker.seen_at,
        Attempt.started_at,
        Decision.made_at,
        Delivery.created_at,
        Delivery.sent_at,
        Post.created_at,
    )
    found = [session.scalar(select(func.max(column))) for column in columns]
    return max((at.astimezone(UTC) for at in found if at is not None), default=None)


@contextlib.contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A new private file beside the target, removed at the end if it still has that name."""
    folder = target.parent
    if not folder.is_dir():
        raise StoreError(f"The folder {folder} is not there. Make it first, or name another.")
    path = folder / f".{target.name}.{os.getpid()}.unfinished"
    os.close(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, MODE))
    path.chmod(MODE)
    try:
        yield path
    finally:
        for tail in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + tail).unlink(missing_ok=True)


@contextlib.contextmanager
def _opened(path: Path, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    mode = "ro" if read_only else "rw"
    place = f"{path.resolve().as_uri()}?mode={mode}"
    with contextlib.closing(sqlite3.connect(place, uri=True, isolation_level=None)) as db:
        yield db


def _settle(path: Path) -> None:
    """Make sure it is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


@contextlib.contextmanager
def _plain() -> Iterator[None]:
    """What a disk or SQLite says, in words."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        raise StoreError(SAID_BY_SQLITE.get(code & 0xFF, f"The copy failed: {error}.")) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise StoreError(DISK_IS_FULL if full else f"The copy failed: {error.strerror}.") from error
