"""Draws `bot demo`: a live table on a terminal, plain lines where there is none."""

import contextlib
import re
import select
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bot.cli.demo_stage import Stage
from bot.clock import system_now
from bot.model.account import Account
from bot.model.delivery import Delivery, State
from bot.reports import log
from bot.reports.words import plural
from bot.store import deliveries, posts

STORY_SECONDS = 60.0
# A smaller terminal gets plain lines.
SMALLEST_WIDTH, SMALLEST_HEIGHT = 70, 18
EVENTS_SHOWN = 4
# Title, keys, address, countdown, the table's head and rule, and the cursor's own line.
LINES_AROUND = 7 + EVENTS_SHOWN
DRAW_SECONDS = 0.25
LOOKS = {
    State.WAITING: ("waiting", "dim"),
    State.HELD: ("on hold", "yellow"),
    State.SENDING: ("going out", "cyan"),
    State.UNCONFIRMED: ("not sure", "yellow"),
    State.SENT: ("out", "green"),
    State.FAILED: ("failed", "red"),
    State.CANCELLED: ("cancelled", "dim"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One post on one account as the screen shows it."""

    delivery: Delivery
    account: str
    text: str
    counts: dict[str, Any]


@dataclass
class Screen:
    """Shows a Stage until it has ended, and tells what happens as it happens."""

    stage: Stage
    ended: threading.Event
    run_for: float | None
    is_plain: bool
    console: Console = field(default_factory=lambda: Console(highlight=False))
    events: list[str] = field(default_factory=list)
    _seen: dict[int, str] = field(default_factory=dict)
    _doubted: set[int] = field(default_factory=set)

    @property
    def is_live(self) -> bool:
        if self.is_plain or not sys.stdin.isatty():
            return False
        width, height = self.console.size
        return width >= SMALLEST_WIDTH and height >= SMALLEST_HEIGHT

    def play(self) -> None:
        """Run until the time is up, q is pressed, or the story is told where nobody watches."""
        self._say(f"Simulated timelines: {self.stage.sandbox.url}")
        if self.is_live:
            with _keys() as pressed, Live(console=self.console, refresh_per_second=8) as live:
                while not self._is_over():
                    self._react(pressed())
                    live.update(self._draw(self._beat()))
                    self.ended.wait(DRAW_SECONDS)
            return
        while not self._is_over():
            self._beat()
            self.ended.wait(DRAW_SECONDS)

    def _is_over(self) -> bool:
        if self.ended.is_set():
            return True
        limit = self.run_for
        if limit is None:
            limit = float("inf") if self.is_live else STORY_SECONDS
        return self.stage.seconds >= limit

    def _react(self, key: str) -> None:
        if key == "q":
            self.ended.set()
        if key == "c":
            if self.stage.cut_the_line():
                self._say("You cut the line: the next post to X gets no answer.")
            elif self.stage.is_cut:
                self._say("The line is cut already; it shows on the next post to X.")
            else:
                self._say("Nothing waits for X any more, so there is nothing to cut. End with q.")

    def _beat(self) -> list[Line]:
        before = self.stage.cut_at
        self.stage.act()
        if self.stage.cut_at is not None and before is None:
            self._say("The line to X is cut in the middle of the next post")
        lines = self._lines()
        for line in lines:
            self._tell(line)
        return lines

    def _lines(self) -> list[Line]:
        with self.stage.bot.store.read() as session:
            counted = {row["delivery"]: row for row in log.rows(session)}
            found = []
            for post in (*posts.by_source(session, "folder"), *posts.by_source(session, "feed")):
                for row in deliveries.of_post(session, post.id):
                    account = session.get_one(Account, row.account_id)
                    text = deliveries.parts(session, row.id)[0].text
                    title = self.stage.bot.platforms[account.name].rules.title
                    found.append(Line(row, title, text, counted.get(str(row.id), {})))
        far = system_now().replace(year=9000)
        return sorted(found, key=lambda line: (line.delivery.due_at or far, line.delivery.id))

    def _tell(self, line: Line) -> None:
        """Say once what changed."""
        row = line.delivery
        if self._seen.get(row.id) == row.state:
            return
        known = self._seen.get(row.id)
        self._seen[row.id] = row.state
        name = f"P{row.post_id} on {line.account}"
        if row.state == State.SENT and row.id in self._doubted:
            self._say(f"{name}: found on the timeline. It is out, once")
        elif row.state == State.SENT and row.sent_at and row.due_at:
            late = max((row.sent_at - row.due_at).total_seconds(), 0.0)
            self._say(f"{name}: out, {late:.1f} s after its time")
        elif row.state == State.UNCONFIRMED:
            self._doubted.add(row.id)
            self._say(f"{name}: no answer came. Not sent again; looking at the timeline first")
        elif row.state == State.HELD and known is None:
            self._say(f"{name}: a new article became a post and waits for approval")
        elif row.state == State.WAITING and known == State.HELD:
            self._say(f"{name}: approved")

    def _say(self, words: str) -> None:
        stamp = f"{int(self.stage.seconds) // 60:02}:{int(self.stage.seconds) % 60:02}"
        self.events.append(f"{stamp}  {words}")
        if not self.is_live:
            self.console.print(self.events[-1], soft_wrap=True)

    def _draw(self, lines: list[Line]) -> Group:
        table = Table(
            box=box.SIMPLE_HEAD, expand=True, header_style="bold", pad_edge=False, show_edge=False
        )
        table.add_column("Post", no_wrap=True, width=4)
        table.add_column("Time", justify="right", no_wrap=True, width=8)
        table.add_column("Text", no_wrap=True, overflow="ellipsis", ratio=1)
        table.add_column("X", no_wrap=True, width=9)
        table.add_column("Facebook", no_wrap=True, width=9)
        table.add_column("Views", justify="right", no_wrap=True, width=6)
        table.add_column("Likes", justify="right", no_wrap=True, width=5)
        together: dict[int, list[Line]] = {}
        for line in lines:
            together.setdefault(line.delivery.post_id, []).append(line)
        for group in list(together.values())[-max(1, self.console.height - LINES_AROUND) :]:
            table.add_row(
                f"P{group[0].delivery.post_id}",
                self._clock(group[0].delivery.due_at),
                " ".join(group[0].text.split()),
                _state_on("X", group),
                _state_on("Facebook", group),
                _sum("views", group),
                _sum("likes", group),
            )
        return Group(
            _one("Campaign bot: a demonstration. Nothing leaves this machine.", "bold"),
            _one("c  cut the line in the middle of a post to X      q  end", "reverse"),
            _one(f"Timelines to look at: {self.stage.sandbox.url}"),
            _one(self._next(lines, system_now())),
            table,
            *(_one(event) for event in self.events[-EVENTS_SHOWN:]),
        )

    def _next(self, lines: list[Line], now: datetime) -> str:
        due = [
            line.delivery.due_at
            for line in lines
            if line.delivery.state == State.WAITING and line.delivery.due_at
        ]
        if not due:
            return "Nothing is waiting. Counts go on growing."
        seconds = (min(due) - now).total_seconds()
        return (
            "The next post leaves now"
            if seconds < 1
            else f"The next post leaves in {seconds:.0f} s"
        )

    def _clock(self, moment: datetime | None) -> str:
        return f"{moment.astimezone(self.stage.settings.zone):%H:%M:%S}" if moment else ""

    def farewell(self) -> None:
        """The engagement log, and where everything lies."""
        with self.stage.bot.store.read() as session:
            rows = log.rows(session)
        ledger = self.stage.sandbox.ledger.posts()
        copies = len(ledger) - len({(entry.platform, entry.text) for entry in ledger})
        twice = f"Pieces that are there twice: {copies}." if copies else "None is there twice."
        self.console.print()
        self.console.print(self._plain(rows) if self.is_plain else self._log_table(rows))
        self.console.print(
            f"{len(rows)} posts went out, in {len(ledger)} pieces on the simulated timelines "
            f"(a thread has several). {twice}"
        )
        page = self.stage.folder / "timelines.html"
        page.write_text(_still(self.stage.sandbox.timelines()), encoding="utf-8")
        for label, place in (
            ("Timelines", f"{page.as_uri()} (while it ran: {self.stage.sandbox.url})"),
            ("Posts", self.stage.folder / "posts"),
            ("Database", self.stage.folder / "demo.db"),
            ("Log", self.stage.folder / "demo.log"),
        ):
            self.console.print(f"{label}: {place}", soft_wrap=True)
        self.console.print("Next: read README.md, then docs/credentials.md for your own accounts.")

    def _title(self, account: str) -> str:
        return self.stage.bot.platforms[account].rules.title

    def _plain(self, rows: list[dict[str, Any]]) -> str:
        return "\n".join(
            f"{row['post']} on {self._title(row['account'])}: {_said(row)}" for row in rows
        )

    def _log_table(self, rows: list[dict[str, Any]]) -> Table:
        table = Table(
            title="Engagement",
            title_justify="left",
            box=box.SIMPLE_HEAD,
            header_style="bold",
            pad_edge=False,
            show_edge=False,
        )
        for name in ("Post", "Account", "Out at", "Views", "Likes", "Comments", "Shares"):
            table.add_column(name, justify="left" if name in ("Post", "Account") else "right")
        for row in rows:
            sent = datetime.fromisoformat(row["sent_at"]).astimezone(self.stage.settings.zone)
            table.add_row(
                row["post"],
                self._title(row["account"]),
                f"{sent:%H:%M:%S}",
                *(_figure(row[name]) for name in ("views", "likes", "comments", "shares")),
            )
        return table


def _still(page: str) -> str:
    """The page without its reload, since nothing answers any more."""
    return re.sub(r'<meta http-equiv="refresh"[^>]*>', "", page)


def _one(words: str, style: str = "") -> Text:
    """One row of the screen, cut where it is too long."""
    return Text(words, style=style, no_wrap=True, overflow="ellipsis")


def _state_on(account: str, group: list[Line]) -> Text:
    """How the post stands on that account; nothing where it does not go."""
    line = next((line for line in group if line.account == account), None)
    if line is None:
        return Text("")
    word, style = LOOKS[State(line.delivery.state)]
    return Text(word, style=style)


def _sum(name: str, group: list[Line]) -> str:
    known = [line.counts[name] for line in group if line.counts.get(name) is not None]
    return _figure(sum(known) if known else None)


def _said(row: dict[str, Any]) -> str:
    """`120 views, 4 likes`, of what is known."""
    known = [
        plural(row[f"{noun}s"], noun) for noun in ("view", "like") if row[f"{noun}s"] is not None
    ]
    return ", ".join(known) or "no counts yet"


def _figure(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


@contextlib.contextmanager
def _keys() -> "Iterator[Any]":
    """Read single keys without waiting; the terminal is put back as it was, whatever happens."""
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    def pressed() -> str:
        ready, _, _ = select.select([sys.stdin], [], [], 0)
        return sys.stdin.read(1).lower() if ready else ""

    try:
        tty.setcbreak(descriptor)
        yield pressed
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
