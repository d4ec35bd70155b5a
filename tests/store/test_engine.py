"""Opening the database, its transactions, and plain words for its troubles."""

import contextlib
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.errors import SettingsError, StoreError
from bot.store.engine import Store, parse_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_name_of_postgresql_means_psycopg_3(scheme):
    """As hosts hand it out."""
    url = parse_url(f"{scheme}://u:p@host/name")

    assert ("postgresql+psycopg", "host", "name") == (url.drivername, url.host, url.database)


@pytest.mark.parametrize("address", ["mysql://host/name", "nothing at all", ""])
def test_another_database_is_refused_without_showing_the_address(address):
    """It may hold a password."""
    with pytest.raises(SettingsError) as refused:
        parse_url(address)

    assert "mysql" not in str(refused.value)


def test_a_write_is_kept_and_a_write_that_fails_is_not(world):
    """All or nothing."""
    world.change_account(display_name="kept")
    with contextlib.suppress(ZeroDivisionError), world.store.write() as session:
        session.execute(text("UPDATE account SET display_name = 'lost'"))
        raise ZeroDivisionError

    assert "kept" == world.account().display_name


def test_leases_are_by_the_hand_moved_clock_on_sqlite_and_the_servers_on_postgresql(
    world, engine_name
):
    """Several machines differ about the time; one database does not."""
    with world.store.read() as session:
        now = world.store.lease_now(session)

    if engine_name == "sqlite":
        assert world.clock() == now
    else:
        assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)
    assert now.utcoffset() == timedelta(0)


def test_the_servers_clock_goes_on_within_a_transaction(world, engine_name):
    """Not the time at which the transaction began."""
    with world.store.write() as session:
        first, second = (world.store.lease_now(session) for _ in range(2))

    assert (second > first) == (engine_name == "postgresql")


def test_sqlite_is_safe_against_power_loss(tmp_path, clock):
    """WAL, synchronous FULL, foreign keys, and BEGIN IMMEDIATE for writers."""
    store = Store(f"sqlite:///{tmp_path}/bot.db", clock)
    with store.read() as session:
        asked = [
            session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    other = sqlite3.connect(tmp_path / "bot.db", timeout=0)
    with store.write() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    with store.read() as session:
        session.execute(text("SELECT 1"))
        other.execute("BEGIN IMMEDIATE")
    other.close()
    store.close()

    assert ["wal", 2, 1] == asked


def test_a_database_that_is_not_there_says_so_in_plain_words(tmp_path, clock):
    """No address and no traceback."""
    (tmp_path / "folder.db").mkdir()
    store = Store(f"sqlite:///{tmp_path}/folder.db", clock)
    with pytest.raises(StoreError, match="cannot be opened"):
        store.ping()

    elsewhere = Store("postgresql://u:secret@127.0.0.1:1/name?connect_timeout=2", clock)
    with pytest.raises(StoreError) as refused:
        elsewhere.ping()
    assert "secret" not in str(refused.value)
    store.close()
    elsewhere.close()


def test_a_file_that_is_no_database_says_so(tmp_path, clock):
    """Whatever a person pointed DATABASE_URL at."""
    (tmp_path / "letter.db").write_text("Dear comrades, " * 500)
    store = Store(f"sqlite:///{tmp_path}/letter.db", clock)
    with pytest.raises(StoreError, match="not a database"):
        store.ping()
    store.close()


def test_a_full_disk_says_so_and_changes_nothing(tmp_path, clock):
    """The write is refused as a whole."""
    store = Store(f"sqlite:///{tmp_path}/bot.db", clock)
    with store.write() as session:
        session.execute(text("CREATE TABLE t (x TEXT)"))
    with pytest.raises(StoreError, match="disk is full"), store.write() as session:  # noqa: PT012
        session.execute(text("PRAGMA max_page_count = 3"))
        session.execute(text("INSERT INTO t VALUES (:x)"), {"x": "x" * 100_000})
    with store.read() as session:
        assert 0 == session.scalar(text("SELECT count(*) FROM t"))
    store.close()


def test_a_database_kept_by_another_program_says_so(tmp_path, clock, monkeypatch):
    """After waiting a while."""
    monkeypatch.setattr("bot.store.engine.BUSY_TIMEOUT_SECONDS", 0.05)
    store = Store(f"sqlite:///{tmp_path}/bot.db", clock)
    store.ping()
    other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="busy"), store.write() as session:
        session.execute(text("SELECT 1"))
    other.close()
    store.close()
