"""The restore drill: a copy goes to a new place, holds the same, and nothing goes out twice."""

import os
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from bot import flow, wiring
from bot.clock import system_now
from bot.sandbox import Sandbox
from bot.settings import load
from bot.store import nightly, workers
from bot.store.engine import Store

# What a restore writes: the pause, the decision, and that the pages are to be read first.
TOUCHED = {"account", "decision", "pause"}


@pytest.fixture
def sandbox(socket_enabled):
    with Sandbox() as started:
        yield started


def opened(sandbox, folder: Path, posts: Path):
    given = {
        **sandbox.settings(),
        "DATABASE_URL": f"sqlite:///{folder}/bot.db",
        "POSTS_DIR": str(posts),
        "MIN_SPACING_MINUTES": "0",
        "SEND_TIMEOUT_SECONDS": "5",
    }
    return wiring.build(load(given, None), create=True)


def beat(bot) -> None:
    """`bot run --once`."""
    with bot.store.write() as session:
        worker = workers.begin(session, host="drill", pid=1, now=bot.clock())
    flow.once(bot, worker.id)
    with bot.store.write() as session:
        workers.end(session, worker.id, bot.clock())


def write(path: Path, words: str) -> None:
    """A file that nobody is still writing."""
    path.write_text(words)
    os.utime(path, (1_000_000_000, 1_000_000_000))


def content(file: Path) -> dict[str, list[tuple]]:
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as db:
        found = {name: rows(db, name) for name in inspect(db).get_table_names()}
    engine.dispose()
    return found


def rows(db: Connection, name: str) -> list[tuple]:
    return [tuple(row) for row in db.execute(text(f'SELECT * FROM "{name}"'))]


def test_a_copy_is_put_back_elsewhere_whole_and_sends_nothing_twice(sandbox, tmp_path):
    """Posts that were out when it was made, those that went after it, and those that wait."""
    posts = tmp_path / "posts"
    posts.mkdir()
    for name, at in (("a", "now"), ("b", "now"), ("later", "2099-12-24 12:00")):
        write(posts / f"{name}.md", f"---\nat: {at}\n---\nWords of {name}.\n")
    old = opened(sandbox, tmp_path / "old", posts)
    beat(old)
    saved = nightly.make(old.store.path, 14, old.clock(), old.settings.zone)
    write(posts / "after.md", "---\nat: now\n---\nWent out after the copy.\n")
    beat(old)
    old.store.close()
    out = Counter((entry.platform, entry.text) for entry in sandbox.ledger.posts())
    assert 6 == sum(out.values())

    new = tmp_path / "new"
    new.mkdir()
    empty = Store(f"sqlite:///{new}/bot.db", system_now)
    put = flow.put_back(empty, new / "bot.db", saved, old.settings.zone, "cli:drill")
    empty.close()
    was, now = content(saved), content(new / "bot.db")
    assert {name: kept for name, kept in was.items() if name not in TOUCHED} == {
        name: kept for name, kept in now.items() if name not in TOUCHED
    }
    assert (put.contents.posts, put.contents.out, put.kept) == (3, 4, None)

    bot = opened(sandbox, new, posts)
    beat(bot)
    flow.reconcile(bot)
    flow.resume(bot, bot.decider(), None)
    beat(bot)
    assert out == Counter((entry.platform, entry.text) for entry in sandbox.ledger.posts())
    bot.store.close()
