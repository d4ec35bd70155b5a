"""`bot migrate-to` as it speaks: what it did, where to go on, and never a password."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Bot, letting_go

PASSWORDS = ("hush-in-the-address", "hush-in-the-query")
WITH_BOTH = "postgresql://bot:{}@127.0.0.1:9/bot?password={}".format(*PASSWORDS)


@pytest.fixture
def bot(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """Each command lets go of the database at its end."""
    return letting_go(bot, monkeypatch)


@pytest.fixture
def new(bot: Bot, write: Callable[..., Path], tmp_path: Path) -> str:
    """An address nothing is at yet; the old database has one post."""
    bot("init")
    bot("add", str(write("march.md", "March on Friday.", at="2036-12-01 18:30")))
    return f"sqlite:///{tmp_path}/new.db"


def test_moving_says_what_was_moved_and_the_old_one_then_says_where(
    bot: Bot, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is decided, shown or run from the old one; the new one has the post."""
    moved = bot("migrate-to", new)

    assert 0 == moved.code, moved.err
    for said in ("  Copied: post; rows: 1\n", f"tables to {new}\n", "they are equal", "is closed"):
        assert said in moved.out
    for verb in (["queue"], ["run"], ["approve", "P1"], ["migrate-to", new]):
        refused = bot(*verb)
        assert refused.code != 0, verb
        assert f"moved to {new}" in refused.err, (verb, refused.err)
    # In a process of its own: it begins by starting itself anew.
    web = subprocess.run([sys.executable, "-m", "bot", "web"], capture_output=True, check=False)
    assert (1, True) == (web.returncode, f"moved to {new}" in web.stderr.decode())

    monkeypatch.setenv("DATABASE_URL", new)
    assert "P1" in bot("queue").out


def test_it_comes_back_the_way_it_went(
    bot: Bot, new: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the old one holds is older, so it is asked for; nobody is there to be asked here."""
    bot("migrate-to", new)
    old = f"sqlite:///{tmp_path}/var/bot.db"
    monkeypatch.setenv("DATABASE_URL", new)

    refused = bot("migrate-to", old)
    assert (2, True) == (refused.code, "add --yes" in refused.err)
    assert 0 == bot("migrate-to", old, "--yes").code
    assert f"moved to {old}" in bot("queue").err
    monkeypatch.setenv("DATABASE_URL", old)
    assert "P1" in bot("queue").out


@pytest.mark.parametrize("given", ["typed", "in the environment"])
def test_no_password_is_ever_shown(
    bot: Bot, new: str, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    """Of an address that cannot be reached, where the server's own words might hold it."""
    monkeypatch.setenv("NEW_DATABASE_URL", WITH_BOTH)
    ended = bot("migrate-to", *([WITH_BOTH] if given == "typed" else []))

    assert ended.code != 0
    assert ended.err
    assert [word for word in PASSWORDS if word in ended.out + ended.err] == []
    assert ("others on this machine" in ended.err) == (given == "typed")
    assert "P1" in bot("queue").out
