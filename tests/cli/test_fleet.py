"""`bot fleet status` at a terminal."""

import socket
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from bot.cli.fleet import lateness_lines
from bot.clock import system_now
from bot.reports import fleetstatus
from bot.reports.fleetstatus import Lateness
from bot.store import workers
from bot.store.engine import Store
from tests.cli.conftest import Bot


def test_it_tells_what_runs_and_ends_with_1_when_posts_are_due_and_nothing_does(
    bot: Bot, write, folder: Path
) -> None:
    """And the health check of a container looks at its own machine alone."""
    write("a.md", "Now.", at="now", to="x")
    bot("add", "posts/a.md")
    nothing, not_here = bot("fleet", "status"), bot("fleet", "status", "--here", "--quiet")
    store = Store(f"sqlite:///{folder}/var/bot.db", system_now)
    with store.write() as session:
        now = system_now()
        workers.begin(session, host="elsewhere", pid=5, now=now)
        gone = workers.begin(session, host=socket.gethostname(), pid=6, now=now)
        gone.seen_at = now - timedelta(minutes=3)
    runs, still_not_here = bot("fleet", "status"), bot("fleet", "status", "--here")
    with store.write() as session:
        workers.begin(session, host=socket.gethostname(), pid=7, now=now)
    store.close()
    told, here = bot("fleet", "status", "--json"), bot("fleet", "status", "--here", "--quiet")

    assert (1, 1) == (nothing.code, not_here.code)
    assert "1 post in all; 1 due and not out, the first since" in nothing.out
    assert "Posts are due and nothing is alive to send them. Start it: bot run" in nothing.out
    assert "Nothing gave a sign of life on this machine" in not_here.err
    assert "" == not_here.out
    assert (0, 1) == (runs.code, still_not_here.code)
    assert "elsewhere (process 5, version" in runs.out
    assert "State: runs; Started: just now; Seen: just now; Sends now: nothing" in runs.out
    assert "State: gives no sign of life; Started: just now; Seen: 3 minutes ago" in runs.out
    assert (0, 0, "") == (told.code, here.code, here.out)
    assert ["alive", "alive", "silent"] == [one["state"] for one in told.json["workers"]]
    assert {"due": 1, "waiting": 1} == {
        key: told.json["backlog"][key] for key in ("due", "waiting")
    }


def test_lateness_is_told_with_what_is_counted_and_what_is_not() -> None:
    """A figure without its meaning is a claim."""
    at = system_now()
    out = [
        fleetstatus.WentOut(1, at, at + timedelta(seconds=late), False, False, None)
        for late in range(1, 1201)
    ]
    late = fleetstatus.lateness(out, ())
    said = " ".join(lateness_lines(Lateness(late.counted, 3, late.seconds)))

    assert "within 600.0 seconds of their time, 95 in 100 within 1,140.0" in said
    assert "99 in 100 within 1,188.0." in said
    assert "1,200 posts" in said
    assert "Not counted: 3 " in said
    assert ["Nothing went out that counts."] == list(
        lateness_lines(SimpleNamespace(counted=0, left_out=0, seconds={}))
    )
