"""A database that is damaged, of another version, or may not be written to: nothing is sent."""

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from crash.rig import Rig
from crash.waiting import all_sent, copies, wait_until
from faults.scoreboard import record

from bot.store import schema

EMPTY_LEAF = bytes([10, 0, 0, 0, 0, 0x10, 0, 0])
VERSIONS = sorted(path.name[:4] for path in (schema.MIGRATIONS / "versions").glob("0*.py"))


@pytest.fixture
def rig():
    """One post that is out, one that is due, and nobody who has the database open."""
    with Rig() as made:
        yield prepared(made)


def prepared(rig: Rig) -> Rig:
    for to in ("x", "facebook"):
        rig.write_posts(1, to=to)
    rig.bot.folder.read()
    rig.bot.planner.plan_due()
    rig.bot.store.close()
    return rig


def overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def head_gone(path: Path) -> None:
    overwrite(path, 0, b"\xff" * 100)


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def pages_gone(path: Path) -> None:
    size = path.stat().st_size
    overwrite(path, 4096 * (size // 4096 // 2), b"\xa5" * 4096 * 8)


def index_torn(path: Path) -> None:
    """The index that lets no account send two posts at once has lost what it knew."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE delivery SET state = 'sending' WHERE id = 1")
    query = "SELECT rootpage FROM sqlite_master WHERE name = 'uq_delivery_one_sending'"
    (page,) = connection.execute(query).fetchone()
    connection.close()
    overwrite(path, 4096 * (page - 1), EMPTY_LEAF)


def version(number: str) -> Callable[[Path], None]:
    def stamp(path: Path) -> None:
        connection = sqlite3.connect(path)
        with connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", [number])
        connection.close()

    return stamp


older = pytest.mark.skipif(len(VERSIONS) < 2, reason="there is no older version of the database")
DAMAGES = [
    pytest.param(head_gone, "or is damaged", "bot restore", id="head gone"),
    pytest.param(cut_in_half, "is damaged", "bot restore", id="cut in half"),
    pytest.param(pages_gone, "is damaged", "bot restore", id="pages gone"),
    pytest.param(index_torn, "is damaged", "bot restore", id="index torn"),
    pytest.param(version("9999"), "newer version", "Install that version", id="newer"),
    pytest.param(version(VERSIONS[0]), "older", "bot init", id="older", marks=older),
]


@pytest.mark.parametrize(("damage", "what", "now"), DAMAGES)
def test_on_a_database_it_cannot_trust_the_bot_does_not_start(rig, damage, what, now):
    """It says what is wrong and what to do, and nothing leaves."""
    damage(rig.bot.store.path)
    with rig.life() as life:
        assert not life.says_it_runs()
        assert life.ended_by_itself(20)

    record("database damaged", 10, trials=1, copies=0, lost=0, shown=2, seconds=None)
    assert 1 == life.process.returncode
    assert what in rig.log()
    assert now in rig.log()
    assert "Traceback" not in rig.log()
    assert [] == rig.accepted()


@pytest.fixture
def on_small_disk(small_disk):
    """The same on a disk of its own."""
    with Rig(f"sqlite:///{small_disk}/bot.db") as made:
        yield prepared(made)


def test_in_a_folder_that_may_only_be_read_the_bot_does_not_start(on_small_disk, small_disk):
    """And goes on where it was once it may write again."""
    rig = on_small_disk
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with rig.life() as life:
        assert not life.says_it_runs()
        assert life.ended_by_itself(20)
    assert 1 == life.process.returncode
    assert "May its folder be written to?" in rig.log()
    assert "Traceback" not in rig.log()
    assert [] == rig.accepted()

    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    with rig.life() as life:
        wait_until(lambda: all_sent(rig))
    assert 2 == len(rig.accepted())


def test_a_last_commit_torn_off_the_log_of_the_database_is_found_on_the_timeline(rig):
    """What it had written down of the answer is gone; that it had asked is not."""
    rig.bot.store.close()
    with rig.life("after commit") as life:
        assert life.says_it_runs()
        assert life.ended_by_itself(20)
    log = rig.bot.store.path.with_name("bot.db-wal")
    os.truncate(log, log.stat().st_size - 100)
    began = time.monotonic()
    with rig.life() as life:
        assert life.says_it_runs()
        wait_until(lambda: all_sent(rig))

    record(
        "database damaged",
        10,
        trials=1,
        copies=copies(rig),
        lost=0,
        shown=0,
        seconds=time.monotonic() - began,
    )
    assert 0 == copies(rig)
    assert rig.remote_ids() == {entry.remote_id for entry in rig.accepted()}
