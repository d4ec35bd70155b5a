"""What a person at a real terminal sees, through a pseudo-terminal."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select as choose

from bot.cli.demo_stage import Stage
from bot.clock import system_now
from bot.decisions.pause import pause
from bot.model.delivery import Part, State
from bot.store import deliveries, posts
from tests.acceptance.conftest import SECONDS, Desk

ESCAPE = "\x1b"


def _typed(
    desk: Desk, *words: str, answer: str = "", asked: str = "[Y/n]", **env: str
) -> tuple[int, str]:
    """Run the command in a terminal of 80 columns; exit code and all it drew."""
    ours, theirs = pty.openpty()
    started = subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=desk.folder,
        env={**desk.env, "TERM": "xterm", "COLUMNS": "80", **env},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    drawn = b""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.1)
        try:
            chunk = os.read(ours, 65_536) if ready else None
        except OSError:
            break
        drawn += chunk or b""
        if answer and asked.encode() in drawn:
            os.write(ours, answer.encode())
            answer = ""
    os.close(ours)
    return started.wait(SECONDS), drawn.decode().replace("\r\n", "\n")


def test_tables_are_drawn_in_80_columns_and_plainly_where_the_terminal_is_dumb(desk: Desk) -> None:
    """Colour is only an extra: a dumb terminal and a pipe see the same words."""
    desk.write("a.md", "Seen in a terminal. " * 8, at="2099-12-01 18:30", to="[x, facebook]")
    desk.once()
    code, drawn = _typed(desk, "queue")
    dumb = _typed(desk, "queue", TERM="dumb")[1]
    plain = desk.bot("queue").out

    assert code == 0
    assert ESCAPE in drawn
    assert "X and Facebook" in drawn
    assert "Tue 1 Dec 18:30" in drawn
    assert max(len(line) for line in re.sub(r"\x1b\[[\d;]*m", "", drawn).splitlines()) <= 80
    assert max(len(line) for line in dumb.splitlines()) <= 80
    assert ESCAPE not in dumb + plain
    assert dumb.split() == plain.split()
    assert "Goes out: Tuesday 1 December 2099, 18:30" in plain


def test_resume_asks_at_a_terminal_and_no_changes_nothing(desk: Desk) -> None:
    """Whoever sees a heap of posts coming may still say no."""
    desk.write("a.md", "Kept back.", at="now", to="x")
    bot = desk.opened()
    pause(bot.decider("Ana", "earthquake"), None)
    bot.store.close()
    desk.once()
    code, drawn = _typed(desk, "resume", answer="n\n")

    assert code == 130
    assert "P1 on X was due" in drawn
    assert "Go on? [Y/n]" in drawn
    assert [row["holds"] for row in desk.queue()] == [["paused"]]


def test_pause_asks_why_at_a_terminal(desk: Desk) -> None:
    """Whoever is in a hurry need not know the option."""
    desk.opened().store.close()
    code, drawn = _typed(desk, "pause", answer="earthquake\n", asked="see it)")

    assert code == 0
    assert "Everything is paused: earthquake." in drawn


def test_errors_are_broken_between_words(desk: Desk) -> None:
    """Standard error is as wide as the rest."""
    desk.opened().store.close()
    code, drawn = _typed(desk, "add", f"posts/{'a-long-name-' * 5}.docx")

    assert code == 2
    assert max(len(line) for line in drawn.splitlines()) <= 80
    assert "or a row of a .csv or .xlsx sheet." in " ".join(drawn.split())


def test_what_is_meant_by_a_changed_row_is_asked_at_a_terminal(desk: Desk) -> None:
    """Where nobody can be asked, the row is skipped and said."""
    path = desk.folder / "jan.csv"
    path.write_text("id,text\n1,The first words\n", encoding="utf-8")
    assert 0 == desk.bot("add", "jan.csv").code
    path.write_text("id,text\n1,Other words\n", encoding="utf-8")
    skipped = desk.bot("add", "jan.csv")
    code, drawn = _typed(desk, "add", "jan.csv", answer="replace\n", asked="What is meant?")

    assert "1 row changed but skipped" in skipped.out
    assert "--changed replace" in skipped.out
    assert "row 2: changed since it was queued as P1." in drawn
    assert "P1, jan.csv, row 2: Edited. “Other words”" in drawn
    assert code == 0
    assert {"Other words"} == {text for row in desk.queue() for text in row["parts"]}


def test_how_far_off_a_post_is_stays_on_one_line(desk: Desk) -> None:
    """Also beside two accounts and a long text."""
    soon = (system_now() + timedelta(minutes=40)).astimezone(ZoneInfo("Europe/London"))
    desk.write("a.md", "Seen in a terminal. " * 8, at=f"{soon:%Y-%m-%d %H:%M}")
    desk.once()
    drawn = _typed(desk, "queue")[1]

    assert re.search(r"\d\d:\d\d, in \d\d minutes", drawn)
    assert max(len(line) for line in re.sub(r"\x1b\[[\d;]*m", "", drawn).splitlines()) <= 80


def test_the_demo_cuts_the_line_once_and_only_where_a_post_still_comes() -> None:
    """What the key answers is true; the log it keeps is plain."""
    try:
        with Stage() as stage:
            with stage.bot.store.read() as session:
                drawn = session.scalars(choose(Part.images)).all()
            first, second, is_cut = stage.cut_the_line(), stage.cut_the_line(), stage.is_cut
            with stage.bot.store.write() as session:
                for post in posts.by_source(session, "folder"):
                    for row in deliveries.of_post(session, post.id):
                        row.move(State.CANCELLED)
            stage.cut_at = None
            third = stage.cut_the_line()
        log = (stage.folder / "demo.log").read_text(encoding="utf-8")
    finally:
        structlog.reset_defaults()

    assert (first, second, is_cut, third) == (True, False, True, False)
    assert ["One tall candle burns in the dark."] * 2 == [
        image["alt"] for images in drawn for image in images
    ]
    assert "Started." in log
    assert ESCAPE not in log
