"""Old and new bots side by side on one database, while an upgrade rolls through them."""

import os
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from world import make_database

from bot.errors import Outgrown, StoreError
from bot.store import schema, workers
from bot.store.engine import Store
from bot.worker import Heartbeat

NEXT = "0999"
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = '{next}'
down_revision = '{head}'
expands_only = {expands_only}


def upgrade():
    op.add_column('worker', sa.Column('hat', sa.String(10)))
"""
AT_ONCE = timedelta(0)


@pytest.fixture
def engine_name():
    """Several bots at once are for servers."""
    return "postgresql"


@pytest.fixture
def deployed(postgres_server, clock):
    """A database of this release, on which one Worker of it is at work."""
    name = f"rolling_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    make_database(postgres_server, name)
    store = Store(postgres_server(name), clock)
    schema.upgrade(store)
    with store.write() as session:
        workers.begin(session, host="old", pid=7, now=store.lease_now(session))
    yield store
    store.close()


@pytest.fixture
def release(tmp_path, monkeypatch):
    """Makes this process the next release, and this one again."""

    def next_release(*, expands_only):
        folder = tmp_path / "migrations"
        shutil.copytree(schema.MIGRATIONS, folder, dirs_exist_ok=True)
        script = MIGRATION.format(next=NEXT, head=schema.HEAD, expands_only=expands_only)
        (folder / "versions" / f"{NEXT}_hat.py").write_text(script)
        monkeypatch.setattr(schema, "MIGRATIONS", folder)
        monkeypatch.setattr(schema, "HEAD", NEXT)

    return SimpleNamespace(next=next_release, back=monkeypatch.undo)


def test_an_old_bot_goes_on_when_the_database_was_only_expanded(deployed, release):
    """The upgrade waits for nobody; a new bot refuses what it has not reached yet."""
    before = schema.HEAD
    release.next(expands_only=True)
    with pytest.raises(StoreError, match="bot init"):
        schema.require_current(deployed)
    assert (before, NEXT) == schema.upgrade(deployed, AT_ONCE)
    schema.require_current(deployed)

    release.back()
    schema.require_current(deployed)
    assert (NEXT, NEXT) == schema.upgrade(deployed), "an old `bot init` changes nothing"


def test_a_contraction_waits_until_the_old_bots_have_stopped(deployed, release):
    """They are told first, by name when they do not; they stop with a word on why."""
    before = schema.HEAD
    release.next(expands_only=False)
    with pytest.raises(StoreError, match=r"process 7 on old.*Nothing was changed"):
        schema.upgrade(deployed, AT_ONCE)
    assert before == schema.revision(deployed)

    release.back()
    heartbeat = Heartbeat(SimpleNamespace(store=deployed, settings=SimpleNamespace(send_threads=1)))
    heartbeat._alive()
    assert heartbeat.stopping.is_set()
    with pytest.raises(Outgrown, match="newer version"):
        raise heartbeat._outgrown
    with deployed.write() as session:
        (worker,) = workers.alive(session, deployed.lease_now(session) - workers.DEAD_AFTER)
        workers.end(session, worker.id, deployed.lease_now(session))

    release.next(expands_only=False)
    assert (before, NEXT) == schema.upgrade(deployed, AT_ONCE)
    release.back()
    with pytest.raises(Outgrown):
        schema.require_current(deployed)


def test_every_migration_says_whether_older_bots_go_on(deployed):
    """Silence would stop the fleet at the next upgrade, and saying it wrongly is a decision."""
    files = sorted((schema.MIGRATIONS / "versions").glob("0*.py"))
    marked = [path for path in files if path.name[:4] >= schema.MARKED_FROM]

    assert marked
    assert all("\nexpands_only = " in path.read_text() for path in marked)
