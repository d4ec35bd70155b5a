"""Everything moves into another database and back; only one of the two ever counts."""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from fulltables import fill
from sqlalchemy import text
from world import NOON, QUICK_DISK, World, make_database

from bot.errors import NotAllowed, StoreError
from bot.model.base import Base
from bot.store import accounts, alone, copying, moving, schema, workers
from bot.store.engine import Store

HERE = Path(__file__).parent


class Silent:
    """Nobody is told."""

    def begins(self, what: str, rows: int) -> None:
        """Nothing."""

    def step(self, rows: int) -> None:
        """Nothing."""

    def copied(self, table: str, rows: int) -> None:
        """Nothing."""


def ask(may_replace=lambda place: True) -> moving.Ask:
    return moving.Ask("ana", NOON, Silent(), may_replace)


@pytest.fixture
def tmp_path():
    """In memory: every commit waits for its disk."""
    with tempfile.TemporaryDirectory(prefix="bot-move-", dir=QUICK_DISK) as name:
        yield Path(name)


def quickly_made(store):
    """The tables without their migrations, which take half a second."""
    with store.write() as session:
        Base.metadata.create_all(session.connection())
        columns = "version_num VARCHAR(32), compatible_from VARCHAR(32)"
        session.execute(text(f"CREATE TABLE alembic_version ({columns})"))
        mark = f"0017 {schema.HEAD}"
        session.execute(text(f"INSERT INTO alembic_version VALUES ('{schema.HEAD}', '{mark}')"))


@pytest.fixture
def made(tmp_path, clock, request):
    """Databases of this test by name; those called `server` are on PostgreSQL."""
    opened = []

    def make(name, *, filled=0, empty=False):
        url = f"sqlite:///{tmp_path}/{name}.db"
        if name.startswith("server"):
            server = request.getfixturevalue("postgres_server")
            place = f"{name}_{tmp_path.name[-6:]}".lower()
            make_database(server, place)
            url = server(place)
        store = Store(url, clock)
        opened.append(store)
        if not empty:
            quickly_made(store)
            fill(store, filled)
        return store

    yield make
    for store in opened:
        store.close()


def raw(store):
    """All that stands in an SQLite file but its Moves, as its own library reads it."""
    found = {}
    with sqlite3.connect(store.path) as db:
        for name in Base.metadata.tables:
            # Migrations add columns at the end, the model where they belong.
            columns = sorted(row[1] for row in db.execute(f'PRAGMA table_info("{name}")'))
            asked = ", ".join(f'"{column}", typeof("{column}")' for column in columns)
            if name != "move":
                found[name] = db.execute(f'SELECT {asked} FROM "{name}" ORDER BY id').fetchall()
    db.close()
    return found


def is_open(store):
    try:
        schema.require_current(store)
    except StoreError:
        return False
    return True


def test_everything_goes_to_postgresql_and_back_unchanged(made):
    """Empty is not NULL, JSON keeps its order, times their microseconds; new rows get new ids."""
    first, server, last = (
        made("first", filled=4),
        made("server", empty=True),
        made("last", empty=True),
    )
    before = raw(first)
    assert all(len(rows) == 4 for rows in before.values())

    moved = moving.move(first, server, ask())
    assert (4 * len(before), False) == (moved.rows, moved.resumed)
    assert not is_open(first)
    assert is_open(server)
    with server.write() as session:
        assert 13 == accounts.ensure(session, "new", "x", NOON).id
        session.execute(text("DELETE FROM account WHERE id = 13"))

    moving.move(server, last, ask())
    assert before == raw(last)
    assert [False, False, True] == [is_open(store) for store in (first, server, last)]


def killed_at(source, target, statement, nth):
    source.close()  # whoever has it open keeps it from being moved
    urls = [store.url.render_as_string(hide_password=False) for store in (source, target)]
    paths = os.pathsep.join(str(path) for path in (HERE, HERE.parent, HERE.parent.parent))
    ended = subprocess.run(
        [sys.executable, str(HERE / "move_in_process.py"), *urls, statement, str(nth)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        check=False,
    )
    assert -signal.SIGKILL == ended.returncode, ended.stderr.decode()
    return [is_open(source), is_open(target)]


def test_killed_at_any_point_it_goes_on_and_never_do_both_count(made):
    """In the middle of a table, before the old one is closed, and before the copy is opened."""
    first, server = made("first", filled=8), made("server")

    assert [True, False] == killed_at(first, server, "INSERT INTO part", 2)
    with server.read() as session:
        assert 3 == session.scalar(text("SELECT count(*) FROM part"))
    assert [True, False] == killed_at(first, server, "UPDATE move", 1)
    assert [False, False] == killed_at(first, server, "UPDATE move", 2)

    assert moving.move(first, server, ask()).resumed
    assert [False, True] == [is_open(first), is_open(server)]
    with server.read() as session:
        for table in copying.tables(is_sqlite=False):
            assert 8 == copying.count(session.connection(), table)
    with pytest.raises(NotAllowed, match="already"):
        moving.move(first, server, ask())


def test_an_unfinished_copy_that_the_old_one_outgrew_is_made_anew(made, monkeypatch):
    """The bot went on in the old one; a changed row that was copied already is seen."""
    first, server = made("first", filled=4), made("server")
    with monkeypatch.context() as broken:
        broken.setattr(copying, "set_sequences", None)
        with pytest.raises(TypeError):
            moving.move(first, server, ask())
    with first.write() as session:
        session.execute(text("UPDATE account SET display_name = 'later' WHERE id = 3"))
        session.execute(text("DELETE FROM review WHERE id = 3"))

    assert moving.move(first, server, ask()).resumed
    with server.read() as session:
        found = session.execute(text("SELECT display_name FROM account WHERE id = 3")).scalar()
        assert "later" == found
        assert 3 == session.scalar(text("SELECT count(*) FROM review"))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM review WHERE id = 3", "review has 3 rows instead of 4"),
        ("UPDATE part SET text = 'other' WHERE id = 3", "part has other words"),
    ],
)
def test_a_copy_that_differs_is_found_and_neither_opened_nor_counted(
    made, monkeypatch, statement, said
):
    """Whatever changed it: counts and contents of every table are compared."""
    first, second = made("first", filled=4), made("second")
    contents = copying.content

    def spoilt(connection, table, step):
        if Path(connection.engine.url.database).name == "second.db" and table.name == "account":
            connection.execute(text(statement))
        return contents(connection, table, step)

    monkeypatch.setattr(copying, "content", spoilt)
    with pytest.raises(StoreError, match=said):
        moving.move(first, second, ask())

    assert [True, False] == [is_open(first), is_open(second)]


def test_a_database_with_other_rows_or_tables_is_refused_untouched(made):
    """Also one that another one's copy was begun in."""
    first, second, foreign = (
        made("first", filled=1),
        made("second", filled=1),
        made("foreign", empty=True),
    )
    with foreign.write() as session:
        session.execute(text("CREATE TABLE wages (id int)"))
    before = raw(second)

    with pytest.raises(NotAllowed, match=r"not empty.* the table account"):
        moving.move(first, second, ask())
    with pytest.raises(NotAllowed, match=r"not empty.* the table wages"):
        moving.move(first, foreign, ask())
    assert before == raw(second)
    assert [True, True] == [is_open(first), is_open(second)]


def test_moving_back_takes_the_place_of_what_is_older(made):
    """Asked first; the old database's rows went with the move and live on in the new one."""
    first, server = made("first", filled=4), made("server")
    moving.move(first, server, ask())
    with server.write() as session:
        session.execute(text("UPDATE account SET display_name = 'on the server' WHERE id = 3"))

    with pytest.raises(NotAllowed, match="not empty"):
        moving.move(server, first, ask(lambda place: False))
    moving.move(server, first, ask())

    assert [True, False] == [is_open(first), is_open(server)]
    assert "on the server" in str(raw(first)["account"])


def test_what_postgresql_cannot_hold_is_named_by_its_row(made):
    """Before anything is written: a NUL, more letters than the column has, a NaN."""
    first, server = made("first", filled=2), made("server")
    for statement in (
        "UPDATE part SET text = 'a' || char(0) WHERE id = 6",
        "UPDATE pause SET reason = replace(hex(zeroblob(300)), '0', 'x') WHERE id = 3",
        "UPDATE post SET written = '{\"a\": NaN}' WHERE id = 3",
    ):
        with first.write() as session:
            session.execute(text(statement))

    with pytest.raises(NotAllowed, match="cannot hold") as refused:
        moving.move(first, server, ask())
    for row in ("post 3: written", "part 6: text", "pause 3: reason"):
        assert row in str(refused.value)
    assert [True, True] == [is_open(first), is_open(server)]


def test_a_database_that_is_open_elsewhere_is_not_moved(made, monkeypatch):
    """Whatever has it open could still write to it."""
    monkeypatch.setattr(alone, "PATIENCE_SECONDS", 0)
    second = made("second")
    for first in (made("first", filled=1), made("server", filled=1)):
        other = Store(first.url.render_as_string(hide_password=False), first.clock)
        if first.is_sqlite:
            with other.engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        with other.read() as session:
            session.execute(text("SELECT 1 FROM account"))
        with pytest.raises(StoreError, match="Another program has the database open"):
            moving.move(first, second, ask())
        other.close()
        assert is_open(first)


def test_a_side_that_waits_for_the_other_is_not_cut_off(made):
    """Elsewhere the server ends whoever stands still in the middle of a transaction."""
    server = made("server")
    shown = "SHOW idle_in_transaction_session_timeout"
    with server.read() as session:
        assert "0" != session.scalar(text(shown))
    with alone.alone_in(server, ["post"]) as session:
        assert "0" == session.scalar(text(shown))


def test_bots_of_before_keep_away_from_a_database_that_was_left(made):
    """They do not know Moves; what they ask before they begin says that it is not for them."""
    first, second = made("first", filled=1), made("second")
    moving.move(first, second, ask())
    with first.read() as session:
        mark = session.scalar(text("SELECT compatible_from FROM alembic_version"))
    assert f"0021 {schema.HEAD}" == mark


def test_a_database_of_a_newer_bot_is_not_moved(made):
    """Its tables that this version does not know would be left behind."""
    first, second = made("first", filled=1), made("second")
    with first.write() as session:
        session.execute(
            text("UPDATE alembic_version SET version_num = '9998', compatible_from = '0017 9998'")
        )
    with pytest.raises(NotAllowed, match="newer version"):
        moving.move(first, second, ask())


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_was_due_goes_out_from_the_new_one_alone(world, made):
    """Even by a Worker that knew the old one before it was moved."""
    delivery_id = world.queue(to=("x",))
    world.change_account(met_live_at=NOON)
    server = made("server")
    moving.move(world.store, server, ask())
    there = World(server, world.clock, world.limits, world.x, world.facebook, world.ids)

    assert not world.claim(delivery_id)
    assert not world.deliver(delivery_id)
    with pytest.raises(StoreError, match="was moved to postgresql"), world.store.write() as session:
        workers.begin(session, host="here", pid=1, now=NOON)
    assert [delivery_id] == there.send_due()
    assert "sent" == there.state(delivery_id)
    assert "waiting" == world.state(delivery_id)
    account = there.account()
    assert (NOON, None) == (account.met_live_at, account.behind_since)
