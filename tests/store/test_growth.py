"""The looks of every tick go through as many rows whether hundreds wait or thousands.

Counted by the databases themselves, so that no busy machine changes the figures.
"""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from bench.waiting_rows import WAITING_EACH, Cost, Waiting, filled
from bot.model.base import Base

LOOKS = [Waiting.sweep_nothing, Waiting.sweep_one, Waiting.plan_nothing, Waiting.plan_one]
FEW, MANY = 300, 12_000
# Of 8 kB; an index of all that wait has more.
MOST_PAGES = 25
STEPS = 1


@pytest.fixture
def waiting(store, clock):
    """A database with so many waiting, made anew at each call."""

    def make(many):
        with store.write() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(table.delete())
        return filled(store, many, clock())

    return make


@contextmanager
def steps(store):
    """How many steps SQLite's own machine takes meanwhile, as far as it says so."""
    counted = [0]

    def count():
        counted[0] += 1

    def watched(connection, _record, _proxy):
        connection.set_progress_handler(count, STEPS)

    def unwatched(connection, _record):
        connection.set_progress_handler(None, STEPS)

    event.listen(store.engine, "checkout", watched)
    event.listen(store.engine, "checkin", unwatched)
    try:
        yield counted
    finally:
        event.remove(store.engine, "checkout", watched)
        event.remove(store.engine, "checkin", unwatched)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_sqlite_takes_as_many_steps_when_thousands_wait(waiting, store):
    """The sweep and the planner, each with nothing to do and with one."""
    took = []
    for many in (FEW, MANY):
        made = waiting(many)
        for look in LOOKS:
            with steps(store) as counted:
                look(made, Cost())
            took.append(counted[0])
    few, many = took[: len(LOOKS)], took[len(LOOKS) :]
    assert [look.__name__ for look, a, b in zip(LOOKS, few, many, strict=True) if b > 1.3 * a] == []


def selects(store, look, made):
    """What it reads of the Deliveries, and with which values."""
    found = []

    def noted(_connection, _cursor, statement, parameters, *_rest):
        if statement.startswith("SELECT") and "delivery" in statement:
            found.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", noted)
    try:
        look(made, Cost())
    finally:
        event.remove(store.engine, "before_cursor_execute", noted)
    return found


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_postgresql_reads_few_pages_when_thousands_wait(waiting, store):
    """Of hundreds: whatever a tick asks, it is told from an index that knows the times."""
    made = waiting(MANY)
    for look in LOOKS:
        for statement, parameters in selects(store, look, made):
            with store.read() as session:
                explained = session.connection().exec_driver_sql(
                    f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters
                )
                plan = explained.scalar_one()[0]["Plan"]
            pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
            # One account's rows lie apart from each other, each on a page of its own.
            is_of_one = "delivery.account_id IN" in statement
            most = 2 * WAITING_EACH if is_of_one else MOST_PAGES
            assert 0 < pages < most, (look.__name__, statement)
