"""A database from the past is started: restored by the book, and started blindly.

Real processes on the simulated platforms; the ledger decides.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from faults.scoreboard import record
from world import QUICK_DISK

from bot import flow, wiring
from bot.sandbox import Sandbox
from bot.settings import load
from bot.store import backup, deliveries, workers

POSTS = 12
MARCH = "---\nat: now\n---\nPost number {} for the march in Tegucigalpa.\n"
THREAD = "---\nat: now\nto: [x]\nthread: yes\n---\n" + "\n\n".join(
    f"{word} {'paragraph of a long story ' * 9}" for word in ("First", "Second", "Third")
)
PATIENCE = 30


@pytest.fixture
def place():
    """A folder of its own for the database and the posts, in memory."""
    with tempfile.TemporaryDirectory(prefix="bot-restore-", dir=QUICK_DISK) as name:
        folder = Path(name)
        (folder / "posts").mkdir()
        yield folder


@pytest.fixture
def sandbox(socket_enabled):
    with Sandbox() as started:
        yield started


def write(folder, name, text):
    path = folder / "posts" / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_000_000_000, 1_000_000_000))


def environment(sandbox, folder):
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        **sandbox.settings(),
        "DATABASE_URL": f"sqlite:///{folder}/var/bot.db",
        "POSTS_DIR": str(folder / "posts"),
        "CONFIRM_AFTER": "0s,1s",
        "COUNT_AFTER": "1d",
        "MIN_SPACING_MINUTES": "0",
        "SEND_TIMEOUT_SECONDS": "2",
        "PYTHONUNBUFFERED": "1",
    }


def bot(env, folder, *words):
    """One command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextlib.contextmanager
def running(env, folder):
    """A `bot run` that has said it runs; ended as a host ends it."""
    life = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert "The bot runs" in life.stdout.readline()
        yield
    finally:
        life.send_signal(signal.SIGTERM)
        life.wait(PATIENCE)
        life.stdout.close()


def until(condition):
    """Wait for it; the seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < PATIENCE, "it did not come about"
        time.sleep(0.05)
    return time.monotonic() - began


@contextlib.contextmanager
def opened(env):
    """The same bot in this process, for what only prepares or looks: a command costs a second."""
    ours = wiring.build(load(env, None), create=True)
    try:
        yield ours
    finally:
        ours.store.close()


def rows(env):
    with opened(env) as ours, ours.store.read() as session:
        found = [row for row, _ in deliveries.queue(session)]
        counts = deliveries.state_counts(session)
    return found, {str(state): count for state, count in counts.items()}


def is_idle(env):
    found, _ = rows(env)
    return all(row.state in ("held", "failed") for row in found)


def copies(sandbox):
    """How often each post is public."""
    return Counter((entry.platform, entry.text) for entry in sandbox.ledger.posts())


def test_a_backup_made_under_load_and_restored_later_sends_nothing_again(place, sandbox):
    """Half of the posts went out after it, one thread among them, some that the platforms hide,
    and some whose files are newer than the backup."""
    env = environment(sandbox, place)
    for number in range(POSTS):
        write(place, f"{number:02}", MARCH.format(number))
    write(place, "thread", THREAD)
    for platform in ("x", "facebook"):
        sandbox.fault(platform, "late", None, seconds=0.15)
    with running(env, place):
        until(lambda: len(sandbox.ledger.posts()) >= POSTS)
        saved = backup.take(place / "var/bot.db", place / "old.db")
        sandbox.clear_faults()
        for platform in ("x", "facebook"):
            sandbox.fault(platform, "hidden_for", 2, seconds=3600)
        write(place, "90", MARCH.format(90))
        until(lambda: len(copies(sandbox)) == 2 * (POSTS + 1) + 3 and is_idle(env))
        for platform in ("x", "facebook"):
            sandbox.fault(platform, "hidden_for", seconds=3600)
        write(place, "91", MARCH.format(91))
        until(lambda: len(copies(sandbox)) == 2 * (POSTS + 2) + 3 and is_idle(env))
    before = copies(sandbox)
    assert POSTS // 2 <= saved.out < 2 * POSTS
    sandbox.clear_faults()

    restored = bot(env, place, "restore", "old.db")
    assert 0 == restored.returncode, restored.stderr
    assert "Out since the backup" in restored.stdout
    assert "1 file in the posts folder came after the backup" in restored.stdout
    write(place, "99", MARCH.format(99))
    with opened(env) as ours:
        flow.resume(ours, ours.decider("ana"), None)
    with running(env, place):
        seconds = until(lambda: copies(sandbox)["x", MARCH.format(99).split("---\n")[2].strip()])
        until(lambda: is_idle(env))
        found, counts = rows(env)
    after = copies(sandbox)

    assert {1} == set(after.values()), after
    assert set(before) <= set(after)
    held = [row for row in found if row.holds]
    assert len(held) == len(found)
    reasons = Counter(hold for row in held for hold in row.holds)
    in_flight = reasons.pop("in doubt", 0)
    assert in_flight <= 2, "one an account, whose request had left when the backup was taken"
    assert {"missed", "first run"} == set(reasons)
    assert 6 == len(held), "three posts were hidden on both platforms"
    assert 2 * (POSTS + 3) + 1 == counts["sent"] + len(held)
    record(
        "restore from an old backup",
        23,
        trials=1,
        copies=sum(after.values()) - len(after),
        lost=0,
        shown=len(held),
        seconds=round(seconds, 2),
    )


def test_an_old_copy_started_blindly_finds_its_posts_there_and_stops(place, sandbox):
    """Somebody copied the file back, or started the old machine, without `bot restore`."""
    env = environment(sandbox, place)
    with opened(env) as ours:
        for number in range(4):
            write(place, f"{number:02}", MARCH.format(number))
            flow.add(ours, place / "posts" / f"{number:02}.md")
        backup.take(place / "var/bot.db", place / "old.db")
        with ours.store.write() as session:
            worker = workers.begin(session, host="here", pid=1, now=ours.clock())
        flow.once(ours, worker.id)
    assert 8 == len(copies(sandbox))
    (place / "old.db").replace(place / "var/bot.db")

    with running(env, place):
        until(lambda: is_idle(env))
        found, _ = rows(env)
    after = copies(sandbox)
    queue = bot(env, place, "queue")
    assert {1} == set(after.values()), after
    assert 8 == len(found)
    assert all("already there" in row.holds for row in found)
    assert 1 == queue.returncode
    assert "X is paused" in queue.stdout
    assert "is the bot running twice?" in queue.stdout
    assert all(entry.remote_id in queue.stdout for entry in sandbox.ledger.posts("x"))
    record("an old copy is started", 23, trials=1, copies=0, lost=0, shown=len(found), seconds=None)
