"""A group's year for bench/soak: one bot process, its platforms, a feed, alarms, and people.

The clock of all of them is moved from moment to moment: to when something is due, and at least so
often. What people did is kept here, apart from the bot, so that it can be reckoned with.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import time_machine
from alembic import command
from alembic.config import Config
from postbox import Postbox
from sqlalchemy import select

from bench import posting
from bench.posting import ROOT
from bot import flow, wiring
from bot.clock import system_now
from bot.decisions.release import release
from bot.decisions.resolve import Answer
from bot.model.delivery import Delivery, Hold, State
from bot.model.written import Written
from bot.sandbox import Sandbox
from bot.settings import load
from bot.store import schema
from bot.store.engine import Store
from bot.wiring import Bot

START = datetime(2026, 12, 1, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
STEP = 2 * HOUR
DAY = timedelta(days=1)
KILL_EVERY = 13  # days
ANSWERS_FOR_SECONDS = 120
WHERE = (("x", "facebook"), ("x", "facebook"), ("x",), ("facebook",))
HOURS = (8, 12, 18)
# On a Sunday of a clock change one hour does not exist, or comes twice.
ODD_HOUR = (1, 30)


class Feed(ThreadingHTTPServer):
    """A feed of articles, which may be gone or talk nonsense."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.titles: list[tuple[str, datetime]] = []
        self.answer: tuple[int, bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def written(self) -> bytes:
        """The newest twenty as RSS."""
        items = "".join(
            f"<item><title>{title}</title><link>{self.url}/{n}</link><guid>{self.url}/{n}</guid>"
            f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for n, (title, at) in list(enumerate(self.titles))[-20:]
        )
        head = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>'
        return f"{head}{items}</channel></rss>".encode()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Page(BaseHTTPRequestHandler):
    server: Feed

    def do_GET(self) -> None:
        feed = self.server
        is_feed = self.path == "/feed"
        code, said = feed.answer if is_feed and feed.answer else (200, b"<p>An article.</p>")
        if is_feed and feed.answer is None:
            said = feed.written()
        self.send_response(code)
        self.send_header("Content-Type", "application/rss+xml" if is_feed else "text/html")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        """Nothing on standard error."""


@dataclass(frozen=True)
class Reading:
    """What the bot said of one moment."""

    at: datetime
    took: float
    mb: float
    files: int
    next: datetime | None


@dataclass
class Group:
    """Everything of one year; `wanted` is how often each text is to be out, by platform."""

    folder: Path
    sandbox: Sandbox
    feed: Feed
    hook: Postbox
    travel: time_machine.Traveller
    days: int
    dealt: random.Random = field(default_factory=lambda: random.Random(11))
    wanted: dict[tuple[str, str], datetime | None] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    asked: int = 0
    killed_at: list[datetime] = field(default_factory=list)
    starts: int = 0
    upgraded: str = ""
    told_at: list[tuple[datetime, str]] = field(default_factory=list)
    deeds: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)
    _child: "subprocess.Popen[str] | None" = None
    _number: int = 0

    @cached_property
    def env(self) -> dict[str, str]:
        return posting.clean_env(
            **self.sandbox.settings(),
            DATABASE_URL=f"sqlite:///{self.folder}/bot.db",
            POSTS_DIR=str(self.folder / "posts"),
            IMPRINT_MODE="never",
            FEED_EVERY="6h",
            FETCH_ALLOW_HOSTS="127.0.0.1",
            ALERT_URLS=f"json://{self.hook.at}/admin",
            QUIET_HOURS="",
            X_MONTHLY_BUDGET_USD="100",
        )

    @cached_property
    def bot(self) -> Bot:
        """The people's own way to the database, as the pages have it."""
        return wiring.build(load(self.env, None), create=True)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def plan(self, at: datetime, deed: Callable[[], object]) -> None:
        self.deeds.append((at, deed))
        self.deeds.sort(key=lambda one: one[0])

    def live(self, each_day: Callable[[int], object]) -> None:
        """The whole of it, and a day more in which nothing new comes."""
        self.start()
        self.bot.feeds.add("news", f"{self.feed.url}/feed", {"mode": "queue"})
        for day in range(self.days + 1):
            begins = START + day * DAY
            if day < self.days:
                self._days_work(day, begins)
            while self.now() < begins + DAY:
                self._on(begins + DAY)
            self.sizes.append((self.folder / "bot.db").stat().st_size)
            each_day(day)
        self.stop()

    def _on(self, until: datetime) -> None:
        """To the next moment: what is due, what somebody does, or the next look around."""
        look = (self.now() + STEP).replace(minute=0, second=0, microsecond=0)
        moments = [look, until, *(at for at, _ in self.deeds[:1])]
        if self.readings and self.readings[-1].next is not None:
            moments.append(self.readings[-1].next)
        self.travel.move_to(max(min(moments), self.now() + timedelta(seconds=1)))
        while self.deeds and self.deeds[0][0] <= self.now():
            self.deeds.pop(0)[1]()
        self.beat()

    def beat(self) -> None:
        """One moment of the bot, and what was told meanwhile."""
        child = self._running()
        _say(child, self.now().isoformat())
        line = child.stdout.readline() if child.stdout else ""
        if not line:
            raise SystemExit(f"the bot ended by itself at {self.now()}: {self.log()}")
        said = json.loads(line)
        moment = datetime.fromisoformat(said["next"]) if said["next"] else None
        self.readings.append(
            Reading(self.now(), said["took"], said["mb"], int(said["files"]), moment)
        )
        kept, self.hook.kept = self.hook.kept, []
        self.told_at += [(self.now(), told["title"]) for _, told in kept]

    # What happens to the bot.

    def start(self) -> None:
        with (self.folder / "log").open("a") as log:
            self._child = subprocess.Popen(
                [sys.executable, "bench/soak_bot.py", self.now().isoformat()],
                cwd=ROOT, env=self.env, text=True, stderr=log,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        if not (self._child.stdout and self._child.stdout.readline()):
            raise SystemExit(f"the bot did not start: {self.log()}")
        self.starts += 1

    def stop(self) -> None:
        child = self._running()
        child.communicate(timeout=ANSWERS_FOR_SECONDS)
        if child.returncode:
            raise SystemExit(f"the bot ended with {child.returncode}: {self.log()}")

    def kill(self) -> None:
        """In the midst of a moment; then it is started again."""
        child = self._running()
        _say(child, self.now().isoformat())
        threading.Event().wait(self.dealt.uniform(0, 0.15))
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        self.killed_at.append(self.now())
        self.start()

    def upgrade(self) -> None:
        """Stopped, its database as the version before had it, upgraded, and started again."""
        self.stop()
        before = _taken_back(self.bot.store)
        told = self.command("upgrade")
        self.upgraded = f"{before} to {schema.HEAD}" if "was upgraded" in told else told
        self.start()

    def command(self, *words: str) -> str:
        """`bot …` at this moment, beside whatever runs."""
        done = subprocess.run(
            [sys.executable, "bench/soak_bot.py", self.now().isoformat(), *words],
            cwd=ROOT, env=self.env, text=True, capture_output=True, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr

    def log(self) -> str:
        return (self.folder / "log").read_text()[-3000:]

    def _running(self) -> "subprocess.Popen[str]":
        assert self._child is not None
        return self._child

    # What people do.

    def _days_work(self, day: int, begins: datetime) -> None:
        for hour in HOURS:
            self._queue(
                day, datetime.combine(begins.date(), datetime.min.time()).replace(hour=hour)
            )
        tomorrow = begins.astimezone(LONDON) + DAY
        if tomorrow.utcoffset() != (tomorrow + DAY).utcoffset():
            odd = datetime.combine(tomorrow.date(), datetime.min.time())
            self._queue(day, odd.replace(hour=ODD_HOUR[0], minute=ODD_HOUR[1]))
        if day % 2 == 0:
            self.plan(begins + 10 * HOUR, self._article)
        if day % 3 == 1:
            self._file(day)
        if day % KILL_EVERY == KILL_EVERY - 1:
            self.plan(begins + self.dealt.choice(HOURS) * HOUR, self.kill)
        if day == self.days // 2:
            self.plan(begins + 15 * HOUR, self.upgrade)
        self.plan(begins + 9.5 * HOUR, self.look_after)
        self.plan(begins + 20.5 * HOUR, self.look_after)

    def _queue(self, day: int, at: datetime) -> None:
        self._number += 1
        text = f"Post {self._number}, day {day}. The rivers of Honduras belong to its people."
        # The morning's is for both, so that whatever fails there has something to fail with.
        to = WHERE[0] if at.hour == HOURS[0] else self.dealt.choice(WHERE)
        written = Written(body=text, to=to, at=at, timing="typed")
        flow.write(self.bot, str(self._number), written, flow.Author("ana", True))
        self._want(text, to, at)

    def _file(self, day: int) -> None:
        """A file for the next free time, written to the folder."""
        self._number += 1
        text = f"File {self._number}, day {day}. Write to your MP about the mine."
        path = self.folder / "posts" / f"{self._number}.md"
        path.write_text(f"---\nto: x, facebook\n---\n{text}\n")
        at = (self.now() - timedelta(minutes=5)).timestamp()
        os.utime(path, (at, at))
        self._want(text, ("x", "facebook"), None)

    def _article(self) -> None:
        title = f"Article {len(self.feed.titles) + 1} of the news"
        self.feed.titles.append((title, self.now()))
        self._want(title, ("x", "facebook"), None)

    def _want(self, text: str, to: tuple[str, ...], at: datetime | None) -> None:
        moment = at.replace(tzinfo=LONDON).astimezone(UTC) if at is not None else None
        self.wanted.update({(text, platform): moment for platform in to})

    def look_after(self) -> None:
        """Twice a day somebody sees what waits for a person, and decides."""
        with self.bot.store.read() as session:
            held = [
                (row.id, row.is_in_doubt, Hold.MISSED in row.holds)
                for row in session.scalars(select(Delivery).where(Delivery.state == State.HELD))
            ]
        for number, in_doubt, was_missed in held:
            self.asked += 1
            if in_doubt:
                # They looked, and it is not there; the bot looks once more before it sends again.
                self._as("ana", flow.answer_doubt, str(number), Answer.ABSENT_NOW)
            elif was_missed:
                release(self.bot.decider("ana"), str(number), LONDON, "next")
        flow.plan(self.bot)

    def _as(self, who: str, deed: Callable[..., object], *more: object) -> None:
        deed(self.bot, self.bot.decider(who), *more)


def _say(child: "subprocess.Popen[str]", line: str) -> None:
    assert child.stdin is not None
    child.stdin.write(f"{line}\n")
    child.stdin.flush()


def _taken_back(store: Store) -> str:
    """The database as the version before had it; which that is."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with store.write() as session:
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "-1")
    return str(schema.revision(store))


@contextmanager
def begun(folder: Path, days: int) -> Iterator[Group]:
    """A group with its platforms, its feed and its receiver, before its first day."""
    (folder / "posts").mkdir()
    with (
        time_machine.travel(START, tick=False) as travel,
        Sandbox(seed=11, clock=system_now, time_scale=0.05) as sandbox,
        Feed() as feed,
        Postbox() as hook,
    ):
        group = Group(folder, sandbox, feed, hook, travel, days)
        wiring.configure_log(group.bot.settings, quiet=True)
        yield group
        group.bot.store.close()
