"""A disk that is really full: at the start, before the Attempt is written, after the answer."""

import contextlib
import signal
import time
from pathlib import Path

import pytest
import structlog
from crash.rig import Rig
from crash.waiting import all_sent, copies, wait_until
from faults.scoreboard import record

from bot import wiring

STAND_STILL = [("after claim", 0), ("request out", 1), ("after send", 1)]


@contextlib.contextmanager
def full(disk):
    """Not a byte is free inside the block."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    yield
    filler.unlink()


def empty_the_journal(rig, disk):
    """What a journal held before can be written over without a free byte; now it has to grow."""
    rig.bot.store.leave_no_trace()
    assert 0 == (disk / "bot.db-wal").stat().st_size


@pytest.fixture
def rig(small_disk):
    """The database on the small disk."""
    with Rig(f"sqlite:///{small_disk}/bot.db", SEND_TIMEOUT_SECONDS="20") as made:
        yield made


def test_on_a_full_disk_nothing_starts(rig, small_disk):
    """It says so and ends, and nothing left; with room again it starts and sends."""
    rig.write_posts(1)
    rig.bot.folder.read()
    with full(small_disk), rig.life() as life:
        assert not life.says_it_runs()
        assert life.ended_by_itself(10)
        assert 1 == life.process.returncode
    assert "The disk is full" in rig.log()
    assert [] == rig.accepted()
    with rig.life() as life:
        wait_until(lambda: all_sent(rig))

    assert 2 == len(rig.accepted())


@pytest.mark.parametrize(("point", "out"), STAND_STILL)
def test_a_disk_that_fills_up_in_the_middle_of_a_send_costs_no_copy_and_no_post(
    rig, small_disk, point, out
):
    """Before the Attempt nothing leaves; after the answer it is looked up as soon as there is
    room, not when the lease has run out. Only with a picture is a claim without an Attempt."""
    rig.write_posts(1, to="x", pictured=not out)
    empty_the_journal(rig, small_disk)
    with rig.life(point, number=signal.SIGSTOP) as life:
        assert life.says_it_runs()
        life.stands_still()
        with full(small_disk):
            life.signal(signal.SIGCONT)
            wait_until(lambda: len(rig.accepted()) == out)
            failed = time.monotonic()
            # Longer than a sweep and a look take: it has tried, and tried again.
            wait_until(lambda: time.monotonic() > failed + 1.5)
            assert out == len(rig.accepted())
        roomy = time.monotonic()
        wait_until(lambda: all_sent(rig), 20)
        took = time.monotonic() - roomy

    record("disk full", 7, trials=1, copies=copies(rig), lost=0, shown=0, seconds=took)
    assert "The disk is full" in rig.log()
    assert 1 == len(rig.accepted())
    assert rig.remote_ids() == {entry.remote_id for entry in rig.accepted()}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full: not Linux")
def test_a_log_that_cannot_be_written_stops_nothing(rig):
    """It tells of the work and is not the work."""
    with open("/dev/full", "w", encoding="utf-8") as nowhere:
        wiring.configure_log(rig.bot.settings, file=nowhere)
        structlog.get_logger().warning("said", action="said")
        with contextlib.suppress(OSError):
            nowhere.close()
