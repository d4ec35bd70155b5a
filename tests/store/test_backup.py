"""Copies of an SQLite database, taken under way, checked and put back."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from world import QUICK_DISK

from bot.errors import StoreError
from bot.model.account import Account
from bot.store import accounts, backup, schema
from bot.store.engine import Store

AT = datetime(2026, 12, 1, 8, 30, 5, tzinfo=UTC)


@pytest.fixture
def engine_name():
    """SQLite only; PostgreSQL has a program of its own."""
    return "sqlite"


@pytest.fixture
def tmp_path():
    """In memory: every commit waits for its disk."""
    with tempfile.TemporaryDirectory(prefix="bot-backup-", dir=QUICK_DISK) as name:
        yield Path(name)


@pytest.fixture
def source(tmp_path, clock):
    """A database of its own, in WAL mode, with an account in it."""
    store = Store(f"sqlite:///{tmp_path}/var/bot.db", clock)
    schema.upgrade(store)
    with store.write() as session:
        accounts.ensure(session, "first", "x", clock())
    yield store
    store.close()


def names(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        found = [row[0] for row in db.execute("SELECT name FROM account ORDER BY id")]
    db.close()
    return found


def add(store, name):
    with store.write() as session:
        accounts.ensure(session, name, "x", store.clock())


def add_many(store, count):
    with store.write() as session:
        session.add_all(
            Account(name=f"account {number}", platform="x", created_at=AT)
            for number in range(count)
        )


def left_over(folder):
    return [path.name for path in folder.iterdir() if "unfinished" in path.name]


def test_a_copy_is_one_private_file_with_all_that_was_committed(source, tmp_path):
    """Also what stands only in the write-ahead log."""
    add(source, "in the log")
    assert source.path.with_name("bot.db-wal").stat().st_size > 0
    target = tmp_path / "copy.db"
    contents = backup.take(source.path, target)

    assert ["first", "in the log"] == names(target)
    assert (schema.HEAD, 0, 0, 0) == (
        contents.revision,
        contents.posts,
        contents.out,
        contents.waiting,
    )
    assert 0o600 == stat.S_IMODE(target.stat().st_mode)
    assert ["copy.db", "var"] == sorted(path.name for path in tmp_path.iterdir())


def test_a_copy_shows_one_moment_and_keeps_no_writer_waiting(source, tmp_path, monkeypatch):
    """A writer commits between any two steps; the copying neither sees it nor starts again."""
    add_many(source, 3000)
    monkeypatch.setattr(backup, "PAGES_A_STEP", 10)
    steps = []

    def write_meanwhile(done, total):
        steps.append(done)
        add(source, f"later {len(steps)}")

    backup.take(source.path, tmp_path / "copy.db", write_meanwhile)

    assert len(steps) > 10
    assert steps == sorted(set(steps))
    assert 3001 == len(names(tmp_path / "copy.db"))
    assert 3001 + len(steps) == len(names(source.path))


def test_writers_in_other_threads_go_on_while_copies_are_made(source, tmp_path):
    """Every copy holds all that was committed before it, and is sound."""
    done = threading.Event()
    written = []

    def write():
        while not done.is_set():
            add(source, f"n{len(written)}")
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            before = len(written)
            backup.take(source.path, tmp_path / f"{number}.db")
            assert len(names(tmp_path / f"{number}.db")) >= 1 + before
    finally:
        done.set()
        writer.join()


def test_a_copy_overwrites_nothing(source, tmp_path):
    """Not even a file that appears while it is made."""
    target = tmp_path / "copy.db"

    def appear(_done, _total):
        target.write_text("mine")

    with pytest.raises(StoreError, match="Nothing was overwritten"):
        backup.take(source.path, target, appear)
    assert "mine" == target.read_text()
    assert [] == left_over(tmp_path)


def test_a_copy_into_a_folder_that_is_not_there_is_refused(source, tmp_path):
    """A disk that is not mounted must not become a folder."""
    with pytest.raises(StoreError, match="is not there"):
        backup.take(source.path, tmp_path / "usb" / "copy.db")
    assert not (tmp_path / "usb").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"no database at all" * 100, "not a database"), (None, "of this bot")],
)
def test_what_is_no_database_of_ours_is_neither_saved_nor_taken(tmp_path, content, said):
    """An empty file, any other file, and a database of another program."""
    path = tmp_path / "bot.db"
    if content is None:
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE song (name TEXT)")
        db.close()
    else:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=said):
        backup.take(path, tmp_path / "copy.db")
    with pytest.raises(StoreError, match=said):
        backup.check(path)
    assert ["bot.db"] == [each.name for each in tmp_path.iterdir()]


def test_a_damaged_database_is_told_from_a_sound_one(source, tmp_path):
    """A page in the middle is overwritten."""
    add_many(source, 3000)
    backup.take(source.path, tmp_path / "copy.db")
    with (tmp_path / "copy.db").open("r+b") as file:
        file.seek(file.seek(0, os.SEEK_END) // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096 * 20)

    with pytest.raises(StoreError, match="damaged"):
        backup.check(tmp_path / "copy.db")


FULL = """
import resource, sys
from pathlib import Path
from bot.errors import StoreError
from bot.store import backup
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    backup.take(Path(sys.argv[1]), Path(sys.argv[2]))
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("size", [0, 50_000])
def test_a_full_disk_leaves_no_half_copy(source, tmp_path, size):
    """Wherever it fills up."""
    (tmp_path / "to").mkdir()
    said = subprocess.run(
        [sys.executable, "-c", FULL, source.path, tmp_path / "to" / "copy.db", str(size)],
        capture_output=True,
        text=True,
    )

    assert "full" in said.stdout, said
    assert [] == list((tmp_path / "to").iterdir())
    assert ["first"] == names(source.path)


def put_back(file, database):
    with backup.copied_beside(file, database) as copy:
        return backup.put_in_place(copy, database, AT)


def test_putting_a_copy_back_keeps_the_one_that_was_there_whole(source, tmp_path):
    """Its write-ahead log included; nothing is lost."""
    backup.take(source.path, tmp_path / "copy.db")
    add(source, "after the backup")
    source.close()
    database = source.path
    kept = put_back(tmp_path / "copy.db", database)

    assert "bot.before-restore-20261201-083005.db" == kept.name
    assert ["first", "after the backup"] == names(kept)
    assert ["first"] == names(database)
    assert ["first"] == names(tmp_path / "copy.db")
    assert [] == left_over(database.parent)


def test_a_log_left_over_by_a_dead_program_does_not_get_into_the_copy(source, tmp_path):
    """The old -wal and -shm beside the new file would damage it."""
    backup.take(source.path, tmp_path / "copy.db")
    holder = sqlite3.connect(source.path)
    holder.execute("SELECT * FROM account").fetchall()
    add(source, "only in the log")
    log = source.path.with_name("bot.db-wal").read_bytes()
    shared = source.path.with_name("bot.db-shm").read_bytes()
    half = source.path.read_bytes()
    holder.close()
    source.close()
    source.path.write_bytes(half)
    source.path.with_name("bot.db-wal").write_bytes(log)
    source.path.with_name("bot.db-shm").write_bytes(shared)
    kept = put_back(tmp_path / "copy.db", source.path)

    assert ["first"] == names(source.path)
    assert ["first", "only in the log"] == names(kept)


def test_a_damaged_database_is_replaced_and_kept_as_it_is(source, tmp_path):
    """That is what backups are for."""
    backup.take(source.path, tmp_path / "copy.db")
    source.close()
    source.path.write_bytes(b"broken" * 1000)
    kept = put_back(tmp_path / "copy.db", source.path)

    assert ["first"] == names(source.path)
    assert b"broken" * 1000 == kept.read_bytes()


def test_a_log_whose_database_was_deleted_is_moved_out_of_the_way(source, tmp_path):
    """SQLite would read it into whatever takes the name."""
    backup.take(source.path, tmp_path / "copy.db")
    source.close()
    source.path.unlink()
    source.path.with_name("bot.db-wal").write_bytes(b"rest")
    assert put_back(tmp_path / "copy.db", source.path) is None

    assert ["first"] == names(source.path)
    moved = "bot.before-restore-20261201-083005.db-wal"
    assert b"rest" == source.path.with_name(moved).read_bytes()


def test_a_database_that_another_program_has_open_is_not_replaced(source, tmp_path, monkeypatch):
    """It would go on writing into the file that was put aside."""
    backup.take(source.path, tmp_path / "copy.db")
    holder = sqlite3.connect(source.path)
    holder.execute("BEGIN")
    holder.execute("SELECT * FROM account").fetchall()
    add(source, "after the backup")
    source.close()
    with pytest.raises(StoreError, match="Another program has the database open"):
        put_back(tmp_path / "copy.db", source.path)
    holder.close()

    assert ["first", "after the backup"] == names(source.path)
    assert [] == left_over(source.path.parent)


def test_a_plain_copy_of_a_running_database_is_taken_with_its_log(source, tmp_path):
    """Somebody copied the files."""
    add(source, "in the log")
    for tail in ("", "-wal"):
        name = source.path.name + tail
        (tmp_path / name).write_bytes(source.path.with_name(name).read_bytes())
    database = tmp_path / "other" / "bot.db"
    database.parent.mkdir()
    assert put_back(tmp_path / "bot.db", database) is None

    assert ["first", "in the log"] == names(database)
    assert ["bot.db"] == [path.name for path in database.parent.iterdir()]


def test_two_copies_of_one_second_get_two_names(tmp_path):
    """And the newest are kept."""
    made = []
    for number in range(5):
        path = backup.dated(tmp_path, "bot", AT)
        path.write_text(str(number))
        stamp = (AT + timedelta(seconds=number)).timestamp()
        os.utime(path, (stamp, stamp))
        made.append(path)
    (tmp_path / "bot-of-somebody.db").write_text("not ours")
    gone = backup.thin_out(tmp_path, "bot", 2)

    assert ["bot-20261201-083005.db", "bot-20261201-083005-2.db"] == [p.name for p in made[:2]]
    assert made[:3] == gone
    assert sorted([*made[3:], tmp_path / "bot-of-somebody.db"]) == sorted(Path(tmp_path).iterdir())
