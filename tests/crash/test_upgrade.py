"""The database is upgraded while posts are in flight, or the upgrade is killed on its way."""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from crash.rig import ROOT, Rig
from crash.waiting import all_sent, copies, wait_until
from faults.scoreboard import record
from sqlalchemy import MetaData, Table, text

from bot.clock import system_now
from bot.errors import AlreadyRunning
from bot.store import schema
from bot.store.engine import Store
from bot.store.lock import only_heartbeat

TORN = str(Path(__file__).parent / "torn_upgrade.py")
AT = [*range(1, 44, 14), 0]
OLDEST = min(path.name[:4] for path in (schema.MIGRATIONS / "versions").glob("0*.py"))
EMPTY = {int: 0, bool: False, str: "", object: {}, datetime: datetime(2026, 11, 1)}
WORDS = "Sent in the minute of the upgrade, for Quito."


@pytest.fixture
def fresh(tmp_path):
    """A database with nothing in it."""
    store = Store(f"sqlite:///{tmp_path}/bot.db", system_now)
    yield store
    store.close()


def test_an_upgrade_killed_anywhere_leaves_all_or_nothing_and_can_be_made_again(fresh):
    """Every statement belongs to one transaction."""
    command_line = [sys.executable, TORN, fresh.url.render_as_string(), *map(str, AT)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run(command_line, env=env, capture_output=True, text=True, timeout=100)
    assert f"{len(AT)}\n" == said.stdout, said.stderr
    assert schema.revision(fresh) is None

    assert (None, schema.HEAD) == schema.upgrade(fresh)
    schema.require_current(fresh)
    fresh.require_sound()
    record("upgrade killed", 24, trials=len(AT), copies=0, lost=0, shown=0, seconds=None)


def make_oldest(path):
    """A database as the first version of the bot made it."""
    store = Store(f"sqlite:///{path}", system_now)
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with store.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, OLDEST)
    return store


def insert(session, name, /, **values):
    """A row with what is given, and nothing much in the other columns that want something."""
    table = Table(name, MetaData(), autoload_with=session.connection())
    nothing = {
        column.name: EMPTY[column.type.python_type]
        for column in table.columns
        if not column.nullable and column.server_default is None and not column.primary_key
    }
    session.execute(table.insert().values(**{**nothing, **values}))


def in_flight(session, number, *, asked):
    """What the version before left: claimed, and perhaps asked for."""
    now = system_now().replace(tzinfo=None)
    moments = dict.fromkeys(("created_at", "due_at"), now)
    key = {"post_id": number, "account_id": number, "worker_id": 1}
    insert(session, "post", id=number, source="file", key=f"{number}.md", written={})
    insert(
        session,
        "delivery",
        id=number,
        round=1,
        state="sending",
        timing="typed",
        variant_digest="same",
        approved_digest="same",
        when_in_doubt="ask",
        lease_token=f"token {number}",
        lease_until=now + timedelta(hours=1),
        **key,
        **moments,
    )
    insert(session, "part", id=number, delivery_id=number, n=1, text=WORDS, images=[])
    if asked:
        token = {"lease_token": f"token {number}", "worker_id": 1, "started_at": now}
        insert(session, "attempt", id=1, delivery_id=number, part_id=number, n=1, **token)


def test_posts_in_flight_when_the_bot_is_upgraded_go_out_once(tmp_path):
    """One was claimed only, one was asked for and is up; both were under way in the old bot."""
    store = make_oldest(tmp_path / "old.db")
    now = system_now().replace(tzinfo=None)
    with store.write() as session:
        for number, name in enumerate(("x", "facebook"), 1):
            insert(
                session, "account", id=number, name=name, platform=name, approval="off",
                created_at=now,
            )  # fmt: skip
        insert(session, "worker", id=1, host="before", pid=1, started_at=now, seen_at=now)
        in_flight(session, 1, asked=False)
        in_flight(session, 2, asked=True)
    schema.upgrade(store)
    store.close()

    with Rig(f"sqlite:///{tmp_path}/old.db") as rig:
        rig.sandbox.post_by_hand("facebook", WORDS)
        with rig.life() as life:
            began = time.monotonic()
            assert life.says_it_runs(), rig.log()
            wait_until(lambda: all_sent(rig))
            took = time.monotonic() - began
        record(
            "upgrade in mid-flight", 24, trials=2, copies=copies(rig), lost=0, shown=0, seconds=took
        )
        assert ["x", "facebook"] == sorted(
            (entry.platform for entry in rig.accepted()), reverse=True
        )
        assert rig.remote_ids() == {entry.remote_id for entry in rig.accepted()}


def test_a_database_is_not_upgraded_under_a_running_bot(fresh, monkeypatch):
    """It would find other tables under its hands."""
    schema.upgrade(fresh)
    monkeypatch.setattr(schema, "HEAD", "the next one")
    with (
        only_heartbeat(fresh),
        pytest.raises(AlreadyRunning, match=r"process \d+ on .* stop the bot"),
    ):
        schema.upgrade(fresh)
    with fresh.read() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) != "the next one"
    schema.upgrade(fresh)
