"""What the real commands say of every state, and how they say it where nothing can be drawn."""

import re
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from plainwords import bare, in_code
from sqlalchemy import update

from bot.cli import demo_screen, screen
from bot.cli.door import Door
from bot.cli.verbs import VERBS
from bot.clock import system_now
from bot.model.delivery import Attempt, Delivery, Hold, Part, State
from bot.reports import words
from bot.store import claims, deliveries, engagement
from bot.store.engine import Store
from tests.cli.conftest import Bot

Write = Callable[..., Path]
STATES: list[tuple[State, frozenset[Hold]]] = [
    *((state, frozenset()) for state in State if state != State.HELD),
    *((State.HELD, frozenset({hold})) for hold in Hold),
]
READS = (
    "",
    "queue",
    "queue --all",
    "log",
    "log --history",
    "report --month 2026-01",
    "doctor",
    "accounts list",
    "feeds list",
    "timetable show",
    "blackout list",
    "people list",
    "check posts",
    "add posts/case0.md",
    "preview posts/case0.md",
    # Most of these are refused, and say of which post and why.
    *(
        f"{verb} {number}"
        for verb in ("approve", "retry", "release", "hold", "cancel")
        for number in range(1, len(State))
    ),
    "resolve 4",
    *(f"show P{number}" for number in range(1, len(STATES) + 1)),
    "queue",
    "pause --reason earthquake",
    "queue",
    "resume --yes",
)
DRAWN = re.compile(r"\x1b|[─━│┃┌┐└┘╭╮╰╯═║]")
LABELLED = re.compile(r"^\w[\w ]*: [^;]+; \w[\w ]*: ", re.MULTILINE)
TABLES = ("queue", "log", "accounts list", "people list")


@pytest.fixture
def every_state(bot: Bot, folder: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """One post of each state, and one on hold for each reason."""
    monkeypatch.setenv("SECRET_KEY", "a secret of tests, long enough to sign with 0123456789")
    for number in range(len(STATES)):
        write(f"case{number}.md", f"Words number {number}.", at="2099-12-01 18:30", to="x")
    bot("add", *(f"posts/case{number}.md" for number in range(len(STATES))))
    bot("people", "add", "ana@example.org", "--role", "admin")
    store = Store(f"sqlite:///{folder}/var/bot.db", system_now)
    with store.write() as session:
        for number, (state, holds) in enumerate(STATES, 1):
            _put(session, number, state, holds)
    store.close()


def _put(session: Any, number: int, state: State, holds: frozenset[Hold]) -> None:
    now = system_now()
    row: dict[str, Any] = {"state": state, "holds": holds}
    if state != State.WAITING and Hold.APPROVAL not in holds:
        delivery = deliveries.get(session, number)
        part = deliveries.parts(session, number)[0]
        made = claims.begin_attempt(session, delivery, part, token=f"t{number}", now=now)
        session.get_one(Attempt, made).ended_at = now
    if state == State.UNCONFIRMED or Hold.IN_DOUBT in holds:
        row |= {"doubt_since": now, "asked_at": now, "looks": 4}
    if state == State.SENDING:
        row |= {"lease_token": "t", "lease_until": now + timedelta(hours=1)}
    if state == State.SENT:
        row |= {"sent_at": now}
        out = {"remote_id": "9", "url": "http://127.0.0.1:9/9", "sent_at": now}
        session.execute(update(Part).where(Part.delivery_id == number).values(**out))
        engagement.record(session, part.id, now, {"views": 7, "likes": 1})
    session.execute(update(Delivery).where(Delivery.id == number).values(**row))


def test_no_command_says_a_word_of_the_code(bot: Bot, every_state: None) -> None:
    """Whatever state a post is in, reading it and deciding on it speak plainly."""
    said = {line: bot(*line.split()) for line in READS}
    wrong = {
        line: found
        for line, ran in said.items()
        if (found := in_code(ran.out + ran.err) + bare(ran.out + ran.err))
    }

    assert wrong == {}
    everything = " ".join(ran.out + ran.err for ran in said.values()).lower()
    assert [word for word in words.STATES.values() if word not in everything] == []
    assert [word for word in words.HOLDS.values() if word not in everything] == []


@pytest.mark.parametrize("verb", ["", *(name for verbs in VERBS.values() for name in verbs)])
def test_no_help_says_a_word_of_the_code(bot: Bot, verb: str) -> None:
    """Options are described in the words of the rest."""
    page = bot(*verb.split(), "--help").out

    assert "Usage:" in page
    assert in_code(page) == []


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output goes to a terminal that can draw, as far as the command knows."""
    there = SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True, encoding="utf-8"))
    monkeypatch.setattr(screen, "sys", there)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")


def _tables(bot: Bot) -> list[str]:
    return [bot(*line.split()).out for line in TABLES]


def test_a_terminal_that_can_draw_gets_tables(
    bot: Bot, every_state: None, at_a_terminal: None
) -> None:
    """So that the tests below can fail."""
    assert [out for out in _tables(bot) if not DRAWN.search(out)] == []


@pytest.mark.parametrize("setting", ["BOT_PLAIN=1", "TERM=dumb"])
def test_who_cannot_or_will_not_have_boxes_gets_labelled_lines(
    bot: Bot,
    every_state: None,
    at_a_terminal: None,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
) -> None:
    """By a setting, or because the terminal says that it is dumb."""
    name, _, value = setting.partition("=")
    monkeypatch.setenv(name, value)
    said = _tables(bot)

    assert [out for out in said if DRAWN.search(out)] == []
    assert [out for out in said if not LABELLED.search(out)] == []


def test_what_is_piped_has_labelled_lines(bot: Bot, every_state: None) -> None:
    """No terminal at all."""
    out = bot("queue").out

    assert not DRAWN.search(out)
    assert re.search(r"^Post: P1; Account: X; Goes out: ", out, re.MULTILINE)


@pytest.mark.parametrize("is_plain", [True, False])
def test_the_demo_draws_only_where_it_may(monkeypatch: pytest.MonkeyPatch, is_plain: bool) -> None:
    """It is asked as every other command is, not by what its own console believes."""
    big = SimpleNamespace(is_terminal=True, size=(200, 60))
    monkeypatch.setattr(
        demo_screen, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    )
    shown = demo_screen.Screen(None, None, None, is_plain=is_plain, console=big)

    assert shown.is_live is not is_plain


def test_a_door_is_plain_by_its_option_whatever_the_terminal(at_a_terminal: None) -> None:
    """`--plain` wins."""
    assert screen.is_plain(Door(plain=True))
    assert sys.stdout is not screen.sys.stdout
