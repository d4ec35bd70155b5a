"""A disk that fails at the n-th operation of a delivery, for every n there is."""

import contextlib
import itertools
import resource
import sqlite3
from dataclasses import dataclass

import pytest
from crash.aftermath import Tally, judge, recover, try_to_send
from faults.scoreboard import record
from sqlalchemy import event, text

HEAD_BYTES = 32
FRAME_BYTES = 4096 + 24


@dataclass
class FailingAt:
    """Lets the n-th statement or commit of the database fail as SQLite reports it."""

    n: int
    when: str
    passed: int = 0

    @property
    def has_failed(self):
        return self.passed >= self.n

    def pass_one(self):
        self.passed += 1
        if self.passed == self.n:
            raise sqlite3.OperationalError("disk I/O error")

    @contextlib.contextmanager
    def of(self, engine):
        """Every statement and every commit refused, or every commit done and reported as failed."""
        commit = engine.dialect.do_commit

        def do_execute(*_given):
            self.pass_one()

        def do_commit(connection):
            if self.when == "done":
                commit(connection)
            self.pass_one()
            if self.when == "refused":
                commit(connection)

        if self.when == "refused":
            event.listen(engine, "do_execute", do_execute)
        engine.dialect.do_commit = do_commit
        try:
            yield
        finally:
            if self.when == "refused":
                event.remove(engine, "do_execute", do_execute)
            del engine.dialect.do_commit


@pytest.mark.parametrize(("when", "at_least"), [("refused", 18), ("done", 3)])
def test_an_error_at_any_statement_or_commit_of_a_delivery_makes_no_copy(world, when, at_least):
    """One more each time, until a whole delivery passes without the fault."""
    tally, worker_id = Tally(), world.worker()
    for n in itertools.count(1):
        delivery_id = world.queue()
        fault = FailingAt(n, when)
        with fault.of(world.store.engine):
            dropped = try_to_send(world, worker_id)
        recover(world, worker_id, dropped)
        judge(world, tally, delivery_id)
        if not fault.has_failed:
            break
    record("I/O error at the n-th statement", 8, **vars(tally), seconds=None)

    assert tally.trials > at_least
    assert (0, 0, 0) == (tally.copies, tally.lost, tally.shown)


@contextlib.contextmanager
def room_for(path, frames):
    """Let the log of the database grow by that many pages; the next write is a real I/O error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = path.with_name(path.name + "-wal").stat().st_size
    assert 0 == size
    resource.setrlimit(resource.RLIMIT_FSIZE, (HEAD_BYTES + frames * FRAME_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_only_so_many_pages_of_a_delivery_makes_no_copy(world):
    """The operating system's own error, at each page the delivery writes."""
    tally, worker_id = Tally(), world.worker()
    for frames in itertools.count():
        delivery_id = world.queue()
        with world.store.engine.connect() as connection:
            # Else the log would be written over from its start, where it needs no room.
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        with room_for(world.store.path, frames):
            dropped = try_to_send(world, worker_id)
        failed = "sent" != world.state(delivery_id)
        recover(world, worker_id, dropped)
        judge(world, tally, delivery_id)
        if not failed:
            break
    record("I/O error at the n-th page", 8, **vars(tally), seconds=None)

    assert tally.trials > 10
    assert (0, 0, 0) == (tally.copies, tally.lost, tally.shown)
    with world.store.read() as session:
        assert "ok" == session.scalar(text("PRAGMA integrity_check"))
