"""What `bot demo` plays on: simulated platforms, a feed, a heartbeat, and copies of the examples.

Nothing of the user's is read or written: no `.env`, no database, no posts of theirs.
"""

import contextlib
import shutil
import tempfile
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import bot as package
from bot import wiring
from bot.clock import system_now
from bot.decisions.approve import approve
from bot.decisions.release import release
from bot.errors import NotAllowed, UsageError
from bot.model.account import Account
from bot.model.delivery import Hold, State
from bot.sandbox import Sandbox
from bot.settings import load
from bot.store import claims, deliveries, posts
from bot.worker import Heartbeat

EXAMPLES = Path(package.__file__).resolve().parent.parent / "posts" / "examples"
FIRST_AFTER_SECONDS = 4
EVERY_SECONDS = 6
ARTICLE_AFTER_SECONDS = 8
APPROVED_AFTER_SECONDS = 5
CUT_AFTER_SECONDS = 13
COUNTS_PER_SECOND = 2400.0
SETTINGS = {
    "CONFIRM_AFTER": "3s,5s,8s,20s",
    "COUNT_AFTER": ",".join(f"{n}s" for n in range(2, 600, 4)),
    "FEED_EVERY": "3s",
    "MIN_SPACING_MINUTES": "0",
    "FETCH_ALLOW_HOSTS": "127.0.0.1",
    "IMPRINT_MODE": "election",
    "IMPRINT_PROMOTER": "Friends of the Example River",
    "IMPRINT_ADDRESS": "PO Box 100, London",
}
ARTICLE = {
    "title": "Court in Honduras frees the river defenders",
    "summary": "After two years in prison the eight are home. Their lawyers ask to close the case.",
}


@dataclass
class Stage:
    """Everything `bot demo` starts, and ends again."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="bot-demo-")))
    sandbox: Sandbox = field(default_factory=lambda: Sandbox(time_scale=COUNTS_PER_SECOND))
    cut_at: datetime | None = None
    article_post: int | None = None

    def __enter__(self) -> Self:
        self.sandbox.start()
        posts_dir = self.folder / "posts"
        posts_dir.mkdir()
        given = {
            **self.sandbox.settings(),
            **SETTINGS,
            "DATABASE_URL": f"sqlite:///{self.folder / 'demo.db'}",
            "POSTS_DIR": str(posts_dir),
        }
        self.settings = load(given, None)
        self._log = (self.folder / "demo.log").open("w", encoding="utf-8")
        wiring.configure_log(self.settings, file=self._log)
        self.bot = wiring.build(self.settings, create=True)
        self.started_at = system_now()
        self._copy_examples(posts_dir)
        self.bot.folder.read(everything=True)
        self.bot.feeds.add(
            "news", self.sandbox.feed_url, {"mode": "review", "campaign": "honduras"}
        )
        self._heartbeat = Heartbeat(self.bot)
        self._beating = threading.Thread(target=self._heartbeat.run, name="heartbeat")
        self._beating.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._heartbeat.stop()
        self._beating.join()
        self.sandbox.stop()
        self.bot.store.close()
        self._log.close()

    def _copy_examples(self, posts_dir: Path) -> None:
        """The example posts, each with a time a few seconds after the other, and their pictures."""
        if not EXAMPLES.is_dir():
            raise UsageError("The demo needs the folder posts/examples. Run it from a checkout.")
        shutil.copytree(EXAMPLES / "media", posts_dir / EXAMPLES.name / "media")
        texts = sorted(path for path in EXAMPLES.glob("*.md") if path.name != "README.md")
        for n, path in enumerate(texts):
            leaves = self.started_at + timedelta(seconds=FIRST_AFTER_SECONDS + n * EVERY_SECONDS)
            local = leaves.astimezone(self.settings.zone)
            typed = f"---\nat: {local:%Y-%m-%d %H:%M:%S}\n"
            text = path.read_text(encoding="utf-8").replace("---\n", typed, 1)
            (posts_dir / path.name).write_text(text, encoding="utf-8")

    @property
    def seconds(self) -> float:
        """How long the demo has been going."""
        return (system_now() - self.started_at).total_seconds()

    def cut_the_line(self) -> bool:
        """The next post to X is accepted there, and the line goes dead before the answer.

        False, and nothing is planned, while an earlier cut waits or no post to X comes any more.
        """
        if self.is_cut or not self._to_x((State.WAITING, State.HELD)):
            return False
        self.sandbox.fault("x", "cut_after", 1)
        self.cut_at = system_now()
        return True

    @property
    def is_cut(self) -> bool:
        """Whether a cut is planned that no post has met yet."""
        if self.cut_at is None:
            return False
        with self.bot.store.read() as session:
            tried = claims.attempts(session, self._to_x(tuple(State)))
        return all(attempt.started_at < self.cut_at for attempt in tried)

    def _to_x(self, states: Collection[State]) -> list[int]:
        """The posts for X that are in one of these states."""
        with self.bot.store.read() as session:
            return [
                row.id
                for post in (*posts.by_source(session, "folder"), *posts.by_source(session, "feed"))
                for row in deliveries.of_post(session, post.id)
                if session.get_one(Account, row.account_id).name == "x" and row.state in states
            ]

    def act(self) -> None:
        """Play the parts of the feed's editor and of the person who approves."""
        if self.seconds > ARTICLE_AFTER_SECONDS and self.article_post is None:
            self.sandbox.add_article(**ARTICLE)
            self.article_post = 0
        if self.seconds > CUT_AFTER_SECONDS and self.cut_at is None:
            self.cut_the_line()
        if self.article_post == 0:
            self._approve_article()

    def _approve_article(self) -> None:
        with self.bot.store.read() as session:
            found = posts.by_source(session, "feed")
            held = found and any(
                Hold.APPROVAL in row.holds for row in deliveries.of_post(session, found[0].id)
            )
        if not held:
            return
        age = (system_now() - found[0].created_at).total_seconds()
        if age < APPROVED_AFTER_SECONDS:
            return
        self.article_post = found[0].id
        decider = self.bot.decider("you, in this demo")
        with contextlib.suppress(NotAllowed):
            approve(decider, found[0].name)
            release(decider, found[0].name, self.settings.zone, "now")
