"""The real heartbeat, killed with SIGKILL over and over while posts go out; the ledger decides."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from world import QUICK_DISK

from bot.sandbox import Sandbox
from bot.settings import load

KILLS = 20
POSTS = 40
MOST_KILLS = 60
MARCH = "---\nat: now\n---\nPost number {} for the march in Tegucigalpa.\n"


@pytest.fixture
def place():
    """A folder of its own for the database and the posts."""
    with tempfile.TemporaryDirectory(prefix="bot-crash-", dir=QUICK_DISK) as name:
        folder = Path(name)
        (folder / "posts").mkdir()
        for number in range(POSTS):
            path = folder / "posts" / f"{number:02}.md"
            path.write_text(MARCH.format(number), encoding="utf-8")
            os.utime(path, (1_000_000_000, 1_000_000_000))
        yield folder


def environment(sandbox, folder):
    return {
        **sandbox.settings(),
        "DATABASE_URL": f"sqlite:///{folder}/bot.db",
        "POSTS_DIR": str(folder / "posts"),
        "CONFIRM_AFTER": "0s,1s",
        "COUNT_AFTER": "1d",
        "MIN_SPACING_MINUTES": "0",
        "SEND_TIMEOUT_SECONDS": "2",
        "PYTHONUNBUFFERED": "1",
    }


@contextlib.contextmanager
def running(env, folder):
    """A `bot run` that has said it runs; killed at the end of the block."""
    life = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert "The bot runs" in life.stdout.readline()
        yield life
    finally:
        os.kill(life.pid, signal.SIGKILL)
        life.wait()
        life.stdout.close()


def as_a_person(bot):
    """Answer every doubt a person was asked about: not up, send it now (after one more look)."""
    from bot import flow
    from bot.decisions.resolve import Answer
    from bot.errors import BotError
    from bot.model.delivery import Hold
    from bot.store import deliveries

    with bot.store.read() as session:
        asked = [row.id for row in deliveries.held_for(session, Hold.IN_DOUBT)]
    for delivery_id in asked:
        # It may be answered by the heartbeat's own look a moment before.
        with contextlib.suppress(BotError):
            flow.answer_doubt(bot, bot.decider("test"), str(delivery_id), Answer.ABSENT_NOW)


def states(bot):
    from bot.store import deliveries

    with bot.store.read() as session:
        return {str(state): count for state, count in deliveries.state_counts(session).items()}


def slow_down(sandbox, chance):
    """Each write takes 30 to 100 ms; some are accepted before that time, some after."""
    for platform in ("x", "facebook"):
        for _ in range(POSTS * 3):
            late = chance.random() < 0.5
            sandbox.fault(platform, "late", 1, seconds=chance.uniform(0.03, 0.1), accept_late=late)


def test_twenty_kills_leave_one_copy_of_every_post_and_none_lost(place):
    """Whatever the moment: after the claim, before, during and after the request."""
    seed = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(10**6)))
    chance = random.Random(seed)
    print(f"CRASH_SEED={seed}")
    from bot import wiring

    with Sandbox() as sandbox:
        slow_down(sandbox, chance)
        env = environment(sandbox, place)
        with running(env, place):
            time.sleep(chance.uniform(0.05, 0.5))
        bot = wiring.build(load(env, None))
        kills = 1
        while kills < KILLS or (open_attempts(bot) == 0 and kills < MOST_KILLS):
            with running(env, place):
                time.sleep(chance.uniform(0.02, 0.4))
            kills += 1
            as_a_person(bot)
        interrupted = open_attempts(bot)
        sandbox.clear_faults()
        with running(env, place):
            give_up_at = time.monotonic() + 20
            while states(bot) != {"sent": POSTS * 2} and time.monotonic() < give_up_at:
                as_a_person(bot)
                time.sleep(0.1)

        ledger = Counter((entry.platform, entry.text) for entry in sandbox.ledger.posts())
        assert {"sent": POSTS * 2} == states(bot)
        assert {1} == set(ledger.values())
        assert POSTS * 2 == len(ledger)
        assert {entry.remote_id for entry in sandbox.ledger.posts()} == remote_ids(bot)
        assert interrupted > 0, "no kill fell into a request: the test proves nothing"
        bot.store.close()


def open_attempts(bot):
    """How many requests a kill cut off."""
    from sqlalchemy import func, select

    from bot.model.delivery import Attempt

    with bot.store.read() as session:
        return session.scalar(select(func.count()).where(Attempt.outcome.is_(None)))


def remote_ids(bot):
    from sqlalchemy import select

    from bot.model.delivery import Part

    with bot.store.read() as session:
        return set(session.scalars(select(Part.remote_id)))
