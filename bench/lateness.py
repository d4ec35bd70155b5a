"""How late posts of many accounts go out while a heartbeat runs, by the sandbox's own clock."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
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
A_SECOND = timedelta(seconds=1)


@contextmanager
def heartbeat(url: str, sandbox: SandboxProcess, posts_dir: Path) -> Iterator[None]:
    """A heartbeat (bench/heartbeat.py) that has begun to beat."""
    env = posting.clean_env(**sandbox.settings, DATABASE_URL=url, POSTS_DIR=str(posts_dir))
    posts_dir.mkdir(exist_ok=True)
    child = subprocess.Popen(
        [sys.executable, "bench/heartbeat.py"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        if not (child.stdout and child.stdout.readline()):
            raise SystemExit("the heartbeat did not start")
        yield
    finally:
        child.terminate()
        child.wait()


def seconds_late(
    sandbox: SandboxProcess, due: Mapping[int, datetime], give_up: timedelta
) -> list[float]:
    """Seconds between each post's time and its acceptance, sorted; waits until all are out.

    SystemExit names how many are missing when that takes too long, and every early or double one.
    """
    end = max(due.values()) + give_up
    # Only counted meanwhile: reading the whole ledger again and again would slow the sandbox.
    while system_now() < end and sandbox.control("count")["posts"] < len(due):
        time.sleep(0.5)
    accepted = _accepted(sandbox, due)
    if len(accepted) != len(due) or len({number for number, _ in accepted}) != len(due):
        raise SystemExit(f"{len(accepted)} of {len(due)} posts went out")
    late = sorted((at - due[number]).total_seconds() for number, at in accepted)
    if late[0] < 0:
        raise SystemExit(f"a post went out {-late[0]:.2f} s early")
    return late


def _accepted(sandbox: SandboxProcess, due: Mapping[int, datetime]) -> list[tuple[int, datetime]]:
    found = []
    for entry in sandbox.published():
        number = NUMBER.match(entry["text"])
        if number and int(number[1]) in due:
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
