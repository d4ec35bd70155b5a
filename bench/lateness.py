"""How late posts of many accounts go out while a heartbeat runs, by the sandbox's own clock."""

import re
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bench import posting
from bench.posting import ROOT, SandboxProcess
from bot.clock import system_now
from bot.model.delivery import Delivery
from bot.store.engine import Store

NUMBER = re.compile(r"Number (\d+) of ")
GIVE_UP = timedelta(seconds=90)
A_DAY = timedelta(days=1)
STARTS = timedelta(seconds=10)
# Each account's timeline is read once before its first post: fifty in five seconds, from two
# minutes before. What is queued later than that is read first and sent then.
READS_FIRST = timedelta(milliseconds=105)


@contextmanager
def bot_run(url: str, sandbox: SandboxProcess, posts_dir: Path) -> Iterator[None]:
    """`bot run` in a process of its own, from when it says that it runs."""
    env = posting.clean_env(**sandbox.settings, DATABASE_URL=url, POSTS_DIR=str(posts_dir))
    posts_dir.mkdir(exist_ok=True)
    child = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "run"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        if not (child.stdout and child.stdout.readline()):
            raise SystemExit("bot run did not start")
        yield
    finally:
        child.terminate()
        child.wait()


def of_accounts(
    engine: str, *, accounts: int, posts: int, waiting: int = 0, apart: float = 0
) -> list[float]:
    """Seconds late of so many posts, each on an account of its own while there are enough.

    `waiting` are due a day later; `apart` is the seconds between one post and the next.
    """
    with posting.sandbox_process() as sandbox, posting.database(engine) as (url, place):
        store = posting.opened(url)
        ids = posting.add_accounts(store, sandbox, accounts)
        if waiting:
            begin, between = system_now() + A_DAY, timedelta(minutes=20)
            posting.add_posts(store, ids, -(-waiting // accounts), begin, between)
        due = (system_now() + STARTS + accounts * READS_FIRST).replace(microsecond=0)
        numbers = []
        for n in range(posts):
            mine = [ids[n % accounts]]
            numbers += posting.add_posts(store, mine, 1, due + n * timedelta(seconds=apart), A_DAY)
        times = due_times(store, numbers)
        store.close()
        with bot_run(url, sandbox, place / "posts"):
            if system_now() > due:
                raise SystemExit("bot run was not ready in time; this machine is too busy")
            return seconds_late(sandbox, times)


def seconds_late(sandbox: SandboxProcess, due: Mapping[int, datetime]) -> list[float]:
    """Seconds between each post's time and its acceptance, sorted; waits until all are out.

    SystemExit names how many are missing when that takes too long, and every early or double one.
    """
    accepted = when_all_out(sandbox, due, max(due.values()) + GIVE_UP)
    late = sorted((at - due[number]).total_seconds() for number, at in accepted)
    if late[0] < 0:
        raise SystemExit(f"a post went out {-late[0]:.2f} s early")
    return late


def when_all_out(
    sandbox: SandboxProcess, numbers: Collection[int], end: datetime
) -> list[tuple[int, datetime]]:
    """When each of these was accepted, once all are; SystemExit where that is not so by the end."""
    before = len(_accepted(sandbox, numbers))
    others = sandbox.control("count")["posts"] - before
    # Only counted meanwhile: reading the whole ledger again and again would slow the sandbox.
    while system_now() < end and sandbox.control("count")["posts"] < others + len(numbers):
        time.sleep(0.5)
    accepted = _accepted(sandbox, numbers)
    if len(accepted) != len(numbers) or len({number for number, _ in accepted}) != len(numbers):
        raise SystemExit(f"{len(accepted)} of {len(numbers)} posts went out")
    return accepted


def _accepted(sandbox: SandboxProcess, numbers: Collection[int]) -> list[tuple[int, datetime]]:
    found = []
    for entry in sandbox.published():
        number = NUMBER.match(entry["text"])
        if number and int(number[1]) in numbers:
            found.append((int(number[1]), datetime.fromisoformat(entry["accepted_at"])))
    return found


def due_times(store: Store, ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these is due."""
    wanted = set(ids)
    with store.read() as session:
        rows = session.execute(select(Delivery.id, Delivery.due_at).where(Delivery.id >= min(ids)))
        return {key: at for key, at in rows if key in wanted and at is not None}


def percentile(late: Sequence[float], share: float) -> float:
    """The value that this share of a sorted list does not exceed."""
    return late[min(len(late) - 1, max(0, round(share * len(late)) - 1))]


def told(late: Sequence[float]) -> str:
    """p50, p95, p99 and the worst, in seconds."""
    p50, p95, p99 = (percentile(late, share) for share in (0.5, 0.95, 0.99))
    return f"p50 {p50:.2f}, p95 {p95:.2f}, p99 {p99:.2f}, max {late[-1]:.2f} s"
