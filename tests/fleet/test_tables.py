"""The engine's own tables: made, asked for, and brought up to date in two steps."""

import os

import pytest
from sqlalchemy import text
from world import make_database

from bot import fleet
from bot.errors import StoreError
from bot.fleet import tables
from bot.store import schema, workers
from bot.store.engine import Store

OLDER = "03.02"


@pytest.fixture
def bare(postgres_server, clock):
    """A migrated database without the engine's tables."""
    name = f"bare_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    make_database(postgres_server, name)
    store = Store(postgres_server(name), clock)
    schema.upgrade(store)
    yield store
    store.close()


def functions(store):
    with store.read() as session:
        asked = text("SELECT proname FROM pg_proc WHERE proname LIKE 'procrastinate%'")
        return set(session.scalars(asked))


def make_older(store):
    """As Procrastinate's own migrations made them some versions ago."""
    steps = [step for step in tables._steps() if step < OLDER]
    with store.write() as session:
        for step in steps:
            tables._run(session, tables._folder() / "migrations" / f"{step}.sql")
        tables._note(session, steps)


def test_they_are_asked_for_then_made_once(bare):
    """And what to type is said."""
    with pytest.raises(StoreError, match="bot init"):
        fleet.require_tables(bare)

    assert "made" in fleet.prepare(bare)
    fleet.require_tables(bare)
    assert "" == fleet.prepare(bare)


def test_an_upgrade_takes_nothing_from_workers_that_still_run(bare, fleet_store):
    """What only the old version needs goes when its workers have; then both ways lead to one."""
    make_older(bare)
    with pytest.raises(StoreError, match="bot init"):
        fleet.require_tables(bare)
    before = functions(bare)
    with bare.write() as session:
        worker_id = workers.begin(session, host="h", pid=1, now=bare.lease_now(session)).id

    assert "waits for the workers" in fleet.prepare(bare)
    assert before < functions(bare)
    fleet.require_tables(bare)
    with bare.write() as session:
        workers.end(session, worker_id, bare.lease_now(session))
    assert "upgraded" in fleet.prepare(bare)
    upgraded = functions(bare)
    assert functions(fleet_store) == upgraded
    assert not before <= upgraded


def test_tables_that_somebody_else_made_are_left_alone(bare):
    """Two programs in one queue would take each other's hints."""
    fleet.prepare(bare)
    with bare.write() as session:
        session.execute(text("COMMENT ON TABLE procrastinate_jobs IS NULL"))

    for refuse in (fleet.prepare, fleet.require_tables):
        with pytest.raises(StoreError, match="database of its own"):
            refuse(bare)
