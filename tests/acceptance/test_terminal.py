"""What a person at a real terminal sees, through a pseudo-terminal."""

import os
import pty
import re
import select
import subprocess
import sys
import time

from bot.decisions.pause import pause
from tests.acceptance.conftest import SECONDS, Desk

ESCAPE = "\x1b"


def _typed(desk: Desk, *words: str, answer: str = "", **env: str) -> tuple[int, str]:
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
        if answer and b"[Y/n]" in drawn:
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
