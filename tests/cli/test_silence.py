"""What `bot queue`, `bot` alone and `--json` say of what did not go, and how they end."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.clock import iso, system_now
from bot.model.account import Account
from bot.model.delivery import Delivery, Worker
from bot.store import workers
from bot.store.engine import Store
from tests.cli.conftest import Bot

Write = Callable[..., Path]
# Counted from the moment a case is staged.
DUE = timedelta(minutes=-30)
SOON = timedelta(minutes=30)


@pytest.fixture
def stage(bot: Bot, folder: Path, write: Write) -> Iterator[Callable[..., datetime]]:
    """A post that was due on X half an hour ago, a heartbeat that beats, and what a case sets."""
    write("a.md", "Words of the post.", at="now", to="x")
    bot("add", "posts/a.md")
    store = Store(f"sqlite:///{folder}/var/bot.db", system_now)

    def set_up(case: dict[str, Any]) -> datetime:
        now = system_now().replace(microsecond=0)

        def dated(values: dict[str, Any]) -> dict[str, Any]:
            return {
                name: now + value if isinstance(value, timedelta) else value
                for name, value in values.items()
            }

        row = dated({"due_at": DUE, "timing": "typed", **case.get("row", {})})
        with store.write() as session:
            if case.get("beats", True):
                seen_at = now + case.get("seen", timedelta(0))
                workers.begin(session, host="here", pid=1, now=seen_at)
            session.execute(update(Delivery).values(**row))
            if "account" in case:
                values = dated(case["account"])
                session.execute(update(Account).where(Account.id == 1).values(**values))
            if "trouble" in case:
                session.execute(update(Worker).values(trouble=case["trouble"], trouble_at=now))
        return now

    yield set_up
    store.close()


def held(*words: str) -> dict[str, Any]:
    return {"row": {"state": "held", "holds": frozenset(words), "reason": "Because."}}


def parked(reason: str, *, blocked: bool) -> dict[str, Any]:
    return {"account": {"parked_until": SOON, "park_reason": reason, "is_blocked": blocked}}


# What is set, the cause in --json, the exit code, and what `bot queue` says.
MATRIX: dict[str, tuple[dict[str, Any], str | None, int, str]] = {
    "not due": ({"row": {"due_at": SOON}}, None, 0, "Nothing needs you."),
    "not running": ({"beats": False}, "not running", 1, "The bot is not running; start it"),
    "no sign of life": ({"seen": DUE}, "no sign of life", 1, "last sign of life"),
    "not taken": ({}, "not taken", 1, "P1 on X was due and has not gone, since"),
    "blocked": (parked("Signed out.", blocked=True), "account blocked", 1, "Signed out."),
    "limited": (parked("A break.", blocked=False), "rate limited", 0, "A break."),
    "missed": (held("missed"), "missed", 1, "Missed: nothing of it was sent late"),
    "in doubt": (held("in doubt"), "in doubt", 1, "it may be out already"),
    "quiet": (held("blackout"), "blackout", 0, "a quiet time is set"),
    "approval": (held("approval"), "approval", 0, "it waits for approval"),
    "failed": ({"row": {"state": "failed", "reason": "No."}}, "failed", 1, "failed"),
    "no time": (
        {"row": {"due_at": None, "created_at": DUE, "reason": "No free slot."}},
        "no time",
        1,
        "P1 on X has no time yet, since",
    ),
    "own trouble": (
        {"row": {"due_at": SOON}, "trouble": "The database is busy."},
        None,
        1,
        "The database is busy. Last at",
    ),
}


@pytest.mark.parametrize("name", MATRIX)
def test_each_cause_is_said_once_in_words_exit_code_and_json(
    bot: Bot, stage: Callable[..., datetime], name: str
) -> None:
    """The queue, its JSON and home agree on whether a person is needed."""
    case, cause, code, said = MATRIX[name]
    now = stage(case)
    queue, listed, home = bot("queue"), bot("queue", "--json"), bot()
    silence = listed.json[0]["silence"]

    assert (code, code, code) == (queue.code, listed.code, home.code)
    assert queue.out.count(said) == 1, queue.out
    assert cause == (silence and silence["cause"])
    assert silence is None or silence["since"] == iso(now + DUE)
    assert ("Not all right" in home.out or "No sign of life" in home.out) == bool(code), home.out
    assert len(home.out.splitlines()) <= 13


def test_a_rate_limit_is_said_once_with_its_end(bot: Bot, stage: Callable[..., datetime]) -> None:
    """The line of the account has the reason; the table has the time; no third line."""
    case = parked("X asks for a break.", blocked=False)
    case["row"] = {"reason": "X asks for a break."}
    stage(case)
    queue = bot("queue")

    assert queue.out.count("X asks for a break") == 1
    assert "X waits until" in queue.out
    assert "Goes out:" in queue.out


def test_missed_posts_have_a_list_of_their_own_and_the_line_to_type(
    bot: Bot, stage: Callable[..., datetime], write: Write, folder: Path
) -> None:
    """Both are named in one command, which gives each its own time."""
    write("b.md", "Other words altogether.", at="now", to="x")
    bot("add", "posts/b.md")
    stage(held("missed"))
    queue = bot("queue")
    released = bot("release", "P1", "P2", "--at", "next")
    times = [row["due_at"] for row in bot("queue", "--json").json]

    assert "Needs you" not in queue.out
    assert "P1 on X: on hold: its time went by; it was due" in queue.out
    assert "Each at its next free time: bot release P1 P2 --at next" in queue.out
    assert released.code == 0
    assert len(set(times)) == 2
    assert bot("queue").code == 0


def test_several_released_at_one_time_go_one_after_the_other(
    bot: Bot, stage: Callable[..., datetime], write: Write
) -> None:
    """The time a person typed is the first one's."""
    for n, text in enumerate(("Other words altogether.", "And a third one.")):
        write(f"{n}.md", text, at="now", to="x")
        bot("add", f"posts/{n}.md")
    stage(held("missed"))
    ran = bot("release", "P1", "P2", "P3", "--at", "2099-12-01 18:30")
    times = [datetime.fromisoformat(row["due_at"]) for row in bot("queue", "--json").json]

    assert ran.code == 0
    assert [timedelta(minutes=20)] * 2 == [later - sooner for sooner, later in pairwise(times)]


def test_home_says_quiet_times_and_pauses_and_their_end(bot: Bot) -> None:
    """Silence that somebody ordered is said with the way out of it."""
    bot("init")
    bot("pause", "--reason", "an accident")
    bot("blackout", "add", "x", "--until", "2099-12-01", "--reason", "the vigil")
    home = bot()

    assert home.code == 0
    assert "Everything is paused: an accident. End it with: bot resume" in home.out
    assert "X is quiet until Wednesday 2 December 2099, 00:00: the vigil." in home.out
