"""A place in which the real `bot run` lives and dies: folder, database, simulated platforms.

Starts and kills it, keeps it in posts, answers as a person would, and asks database and ledger what
became of everything. It judges nothing: `deaths` counts.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from album import saved
from PIL import Image
from sqlalchemy import select
from world import QUICK_DISK

from bot import fleet, flow, wiring
from bot.decisions.resolve import Answer
from bot.errors import BotError
from bot.model.delivery import Attempt, Delivery, Hold, Part, State
from bot.sandbox import Sandbox
from bot.sandbox.ledger import Entry
from bot.settings import load
from bot.store import deliveries
from bot.wiring import Bot

KILLED = str(Path(__file__).parent / "killed.py")
ROOT = Path(__file__).resolve().parents[2]
MARCH = "---\nto: [{to}]\nat: now\n---\nPost number {number} for the march in Tegucigalpa.\n"
PICTURED = MARCH.replace(
    "at: now\n",
    "at: now\nmedia:\n  - file: media/banner.png\n    alt: A green banner\n    people: none\n",
)
EVERY_THIRD = 3
BOTH = "x, facebook"
AGES_AGO = 1_000_000_000
QUICK = {
    "CONFIRM_AFTER": "0s,1s",
    "COUNT_AFTER": "1d",
    "MIN_SPACING_MINUTES": "0",
    "SEND_TIMEOUT_SECONDS": "2",
    "PYTHONUNBUFFERED": "1",
}


class Life:
    """One `bot run` as a process of its own."""

    def __init__(self, command: list[str], env: dict[str, str], folder: Path) -> None:
        self.began_at = datetime.now(UTC)
        self.began = time.monotonic()
        with (folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=folder,
                env=env,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def says_it_runs(self) -> bool:
        """Wait until it says so; False when it ended before."""
        assert self.process.stdout is not None
        return "The bot runs" in self.process.stdout.readline()

    def ended_by_itself(self, seconds: float) -> bool:
        """Whether it ends within that time."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return self.process.returncode is not None

    def stands_still(self) -> None:
        """Wait until it has stopped itself with SIGSTOP; fails when it ended instead."""
        told = os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        assert told is not None
        assert told.si_code == os.CLD_STOPPED, "it ended without passing its point"

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """End it as a power cut would; nothing when it has ended."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Rig:
    """One database, one posts folder, one pair of simulated platforms."""

    def __init__(
        self, database_url: str | None = None, where: Path = QUICK_DISK, **settings: str
    ) -> None:
        self.place = tempfile.TemporaryDirectory(prefix="bot-crash-", dir=where)
        self.folder = Path(self.place.name)
        self.posts = self.folder / "posts"
        self.posts.mkdir()
        self.sandbox = Sandbox().start()
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": self.place.name,
            "PYTHONPATH": str(ROOT),
            **self.sandbox.settings(),
            "DATABASE_URL": database_url or f"sqlite:///{self.folder}/bot.db",
            "POSTS_DIR": str(self.posts),
            **QUICK,
            **settings,
        }
        self.bot: Bot = wiring.build(load(self.env, None), create=True)
        if fleet.is_at_hand(self.bot.store):
            fleet.prepare(self.bot.store)
        self.written = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.bot.store.close()
        self.sandbox.stop()
        self.place.cleanup()

    def write_posts(self, count: int, to: str = BOTH, *, pictured: bool = False) -> None:
        """Add posts that are due at once, in files old enough to be taken at once.

        Where `pictured`, every third has a picture, which is uploaded between claim and Attempt.
        """
        if pictured:
            self._paint()
        for number in range(self.written, self.written + count):
            form = PICTURED if pictured and number % EVERY_THIRD == 0 else MARCH
            path = self.posts / f"{number:05}.md"
            path.write_text(form.format(to=to, number=number), encoding="utf-8")
            os.utime(path, (AGES_AGO, AGES_AGO))
        self.written += count

    def _paint(self) -> None:
        path = self.posts / "media" / "banner.png"
        if not path.exists():
            path.parent.mkdir()
            path.write_bytes(saved(Image.new("RGB", (64, 48), "green"), "PNG"))
            os.utime(path, (AGES_AGO, AGES_AGO))

    @contextlib.contextmanager
    def life(self, point: str = "", n: int = 1, number: int = signal.SIGKILL) -> Iterator[Life]:
        """A `bot run`, which at a named point signals itself; killed at the end of the block."""
        command = [KILLED, point, str(n), str(int(number))] if point else ["-m", "bot", "run"]
        life = Life(command, self.env, self.folder)
        try:
            yield life
        finally:
            life.kill()

    def slow_down(self, chance: random.Random, writes: int = 8) -> None:
        """Let each of the next writes take 30 to 100 ms, accepted at their start or their end."""
        self.sandbox.clear_faults()
        for platform in ("x", "facebook"):
            for _ in range(writes):
                late = chance.random() < 0.5
                seconds = chance.uniform(0.03, 0.1)
                self.sandbox.fault(platform, "late", 1, seconds=seconds, accept_late=late)

    def rows(self) -> list[Delivery]:
        with self.bot.store.read() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))

    def states(self) -> set[str]:
        return {row.state for row in self.rows()}

    def cut_off(self) -> dict[int, bool]:
        """Deliveries a kill left in flight, and whether their request may have left."""
        with self.bot.store.read() as session:
            sending = select(Delivery).where(Delivery.state == State.SENDING)
            begun = select(Attempt.delivery_id, Attempt.lease_token).where(
                Attempt.ended_at.is_(None)
            )
            opened = {tuple(row) for row in session.execute(begun)}
            return {row.id: (row.id, row.lease_token) in opened for row in session.scalars(sending)}

    def texts(self) -> dict[int, str]:
        """What each Delivery says."""
        with self.bot.store.read() as session:
            pairs = session.execute(select(Part.delivery_id, Part.text))
            return {row.delivery_id: row.text for row in pairs}

    def remote_ids(self) -> set[str | None]:
        with self.bot.store.read() as session:
            return set(session.scalars(select(Part.remote_id)))

    def accepted(self) -> list[Entry]:
        """What the platforms have accepted, oldest first."""
        return self.sandbox.ledger.posts()

    def first_write(self, life: Life) -> float | None:
        """Seconds from the start of a life to its first request that publishes; None without."""
        writes = (asked.at for asked in list(self.sandbox.requests) if asked.method == "POST")
        first = min((at for at in writes if at > life.began_at), default=None)
        return None if first is None else (first - life.began_at).total_seconds()

    def answer_as_a_person(self) -> int:
        """Answer every doubt a person was asked about: not up, send it now; how many."""
        with self.bot.store.read() as session:
            asked = [row.id for row in deliveries.held_for(session, Hold.IN_DOUBT)]
        for delivery_id in asked:
            # The heartbeat's own look may have answered it a moment before.
            with contextlib.suppress(BotError):
                flow.answer_doubt(
                    self.bot, self.bot.decider("test"), str(delivery_id), Answer.ABSENT_NOW
                )
        return len(asked)

    def log(self) -> str:
        """What every life so far has said on standard error."""
        return (self.folder / "log").read_text(encoding="utf-8")
