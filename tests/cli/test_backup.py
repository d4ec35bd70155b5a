"""`bot backup` and `bot restore` as they speak; no Platform can be reached here."""

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command as alembic
from alembic.config import Config

from bot.clock import system_now
from bot.store import schema
from bot.store.engine import Store
from bot.store.lock import only_heartbeat
from tests.cli.conftest import Bot, letting_go


@pytest.fixture
def bot(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """Each command lets go of the database at its end."""
    return letting_go(bot, monkeypatch)


@pytest.fixture
def saved(bot: Bot, write: Callable[..., Path]) -> Path:
    """A backup of a database with one post in it."""
    bot("init")
    bot("add", str(write("march.md", "March on Friday.", at="2036-12-01 18:30")))
    shown = bot("backup")
    return Path(shown.out.split("Saved: ")[1].split(" (")[0])


def test_a_backup_says_where_it_is_what_it_holds_and_how_to_put_it_back(saved: Path) -> None:
    """In a folder of its own that only its owner may read."""
    assert "var/backups" == str(saved.parent)
    assert (0o600, 0o700) == (
        stat.S_IMODE(saved.stat().st_mode),
        stat.S_IMODE(saved.parent.stat().st_mode),
    )


def test_the_figures_are_those_of_the_copy(bot: Bot, saved: Path, tmp_path: Path) -> None:
    """One post for two accounts."""
    shown = bot("backup", "other.db")

    assert (0, "") == (shown.code, shown.err)
    assert "Saved: other.db (" in shown.out
    assert "1 post; 0 out, 2 waiting or on hold." in shown.out
    assert "bot restore other.db" in shown.out


def test_a_second_backup_overwrites_nothing_and_old_ones_can_be_thinned_out(
    bot: Bot, saved: Path
) -> None:
    """The newest stays."""
    again = bot("backup", str(saved))
    assert 1 == again.code
    assert "Nothing was overwritten" in again.err
    shown = bot("backup", "--keep", "1")

    assert f"Deleted an older one: {saved.name}" in shown.out
    assert 1 == len(list(saved.parent.iterdir()))
    assert 2 == bot("backup", "one.db", "--keep", "1").code


def test_without_a_database_or_a_folder_there_is_no_backup(bot: Bot, saved: Path) -> None:
    """Nothing is made that was not asked for."""
    shown = bot("backup", "usb/copy.db")
    assert (1, "The folder usb is not there. Make it first, or name another.\n") == (
        shown.code,
        shown.err,
    )
    Path("var/bot.db").unlink()
    assert "There is no database yet" in bot("backup").err
    assert not Path("var/bot.db").exists()


def test_on_postgresql_both_name_the_command_to_type_without_the_password(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And end with wrong usage."""
    secret = "postgres://ana:se%40cret@db.example.org:5433/bot?sslmode=require&password=se%40cret"
    monkeypatch.setenv("DATABASE_URL", secret)
    shown = bot("backup")

    address = "'postgresql://ana@db.example.org:5433/bot?sslmode=require'"
    assert 2 == shown.code
    assert f".dump {address}\n" in shown.err
    assert "pg_dump --format=custom --file=bot-20" in shown.err
    assert "bot restore --in-place" in shown.err
    assert "se@cret" not in shown.err + shown.out
    assert "se%40cret" not in shown.err + shown.out


def test_a_restore_pauses_everything_and_keeps_what_was_there(bot: Bot, saved: Path) -> None:
    """Offline, so the pages stay to be read."""
    bot("cancel", "P1")
    shown = bot("restore", str(saved))
    kept = next(Path("var").glob("bot.before-restore-*.db"))

    assert 0 == shown.code, shown.err
    assert f"The one that was here is kept: {kept}" in shown.out
    assert "Everything is paused" in shown.out
    assert "X was not read since the bot came back" in shown.out
    assert shown.out.endswith("Next: bot queue, and when all is right: bot resume\n")
    assert {"waiting"} == {row["state"] for row in bot("queue", "--json").json}
    queue = bot("queue")
    assert "Everything is paused since" in queue.out
    assert "Restored from a backup of" in queue.out
    assert "WRONG  X page:" in bot("doctor").out


def test_a_restore_is_refused_while_the_bot_runs(bot: Bot, saved: Path) -> None:
    """Nothing is changed."""
    before = Path("var/bot.db").read_bytes()
    store = Store("sqlite:///var/bot.db", system_now)
    with only_heartbeat(store):
        shown = bot("restore", str(saved))
    store.close()

    assert 1 == shown.code
    assert "already runs on this database" in shown.err
    assert before == Path("var/bot.db").read_bytes()


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere.db", "is not there"), ("posts/march.md", "not a database"), ("", "Name the backup")],
)
def test_what_is_no_backup_is_refused(bot: Bot, saved: Path, name: str, said: str) -> None:
    """And the database stays."""
    shown = bot("restore", *([name] if name else []))

    assert shown.code in (1, 2)
    assert said in shown.err
    assert 2 == len(bot("queue", "--json").json)
    assert [] == list(Path("var").glob("bot.before-restore-*"))


def test_the_database_itself_is_no_backup(bot: Bot, saved: Path) -> None:
    """Nor is it replaced by itself."""
    assert 2 == bot("restore", "var/bot.db").code


def test_a_newer_backup_is_refused_and_an_older_one_upgraded(
    bot: Bot, saved: Path, tmp_path: Path
) -> None:
    """By the migrations."""
    with sqlite3.connect(saved) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    shown = bot("restore", str(saved))
    assert "newer version" in shown.err
    assert [] == list(Path("var").glob("*before-restore*"))

    store = Store(f"sqlite:///{tmp_path}/old.db", system_now)
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with store.write() as session:
        config.attributes["connection"] = session.connection()
        alembic.upgrade(config, "0001")
    store.close()
    assert 0 == bot("restore", "old.db").code
    with sqlite3.connect("var/bot.db") as db:
        assert schema.HEAD == db.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    db.close()


def test_a_database_put_back_by_other_means_is_only_looked_at(bot: Bot, saved: Path) -> None:
    """After pg_restore, or a copied file."""
    shown = bot("restore", "--in-place")

    assert 0 == shown.code, shown.err
    assert "Everything is paused" in shown.out
    assert [] == list(Path("var").glob("bot.before-restore-*"))
    assert "Restored from a backup" in bot("queue").out
