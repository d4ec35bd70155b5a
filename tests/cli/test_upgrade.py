"""`bot upgrade` as it speaks, and the way back from it."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command as alembic
from alembic.config import Config

from bot.clock import system_now
from bot.store import schema
from bot.store.engine import Store
from bot.store.lock import only_heartbeat
from tests.cli.conftest import Bot
from tests.store.test_full_upgrade import filled

OLD = "0001"


@pytest.fixture
def old(folder: Path) -> Store:
    """A database of the first version with a row in every table."""
    store = Store(f"sqlite:///{folder}/var/bot.db", system_now)
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with store.write() as session:
        config.attributes["connection"] = session.connection()
        alembic.upgrade(config, OLD)
    filled(store)
    store.close()
    return store


def stands_at(file: str | Path) -> str:
    db = sqlite3.connect(file)
    (found,) = db.execute("SELECT version_num FROM alembic_version").fetchone()
    db.close()
    return str(found)


def test_the_database_is_copied_upgraded_and_there_is_a_way_back(bot: Bot, old: Store) -> None:
    """The copy is of the old version, whole; put back with this one it is upgraded again."""
    shown = bot("upgrade")
    (kept,) = Path("var/backups").iterdir()

    assert 0 == shown.code, shown.err
    assert f"upgraded from {OLD} to {schema.HEAD}" in shown.out
    assert f"bot restore {kept}" in shown.out
    assert (OLD, schema.HEAD) == (stands_at(kept), stands_at("var/bot.db"))
    assert "Nothing was changed" in bot("upgrade").out
    assert 1 == len(list(Path("var/backups").iterdir()))
    back = bot("restore", str(kept))
    assert (0, 1) == (back.code, len(bot("queue", "--json").json)), back.err


def test_it_is_refused_while_the_bot_runs_and_where_there_is_nothing(bot: Bot, old: Store) -> None:
    """And by a version that is too old; nothing is changed, nothing copied."""
    with only_heartbeat(old):
        shown = bot("upgrade")
    assert (1, OLD) == (shown.code, stands_at("var/bot.db"))
    assert "already runs on this database" in shown.err

    Path("var/bot.db").unlink()
    assert "There is no database yet" in bot("upgrade").err
    bot("init")
    db = sqlite3.connect("var/bot.db")
    db.execute("UPDATE alembic_version SET version_num = '9999', compatible_from = '9999'")
    db.commit()
    db.close()
    assert "newer version" in bot("upgrade").err
    assert not Path("var/backups").exists()


def test_no_copy_no_upgrade(bot: Bot, old: Store) -> None:
    """Where copies cannot lie, the database stays as it is."""
    Path("var/backups").write_text("in the way")
    shown = bot("upgrade")

    assert (1, OLD) == (shown.code, stands_at("var/bot.db"))
    assert "var/backups" in shown.err


def test_a_database_put_back_by_other_means_may_be_an_old_one(bot: Bot, old: Store) -> None:
    """`bot restore --in-place` upgrades it; it holds the lock itself."""
    shown = bot("restore", "--in-place")

    assert (0, schema.HEAD) == (shown.code, stands_at("var/bot.db")), shown.err
