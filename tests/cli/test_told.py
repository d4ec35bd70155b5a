"""What people are told: events, tries that did not send, holds, and what is off."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot import wiring
from bot.cli.feeds import _free_name
from bot.errors import SettingsError
from bot.reports import words
from bot.settings import load
from tests.cli.conftest import SETTINGS, Bot

Write = Callable[..., Path]
LATER = "2099-12-01 18:30"
TRIED = {"event": "attempt ended", "post": "P15", "account": "X"}


@pytest.fixture
def no_accounts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of somebody who has no keys yet."""
    for name in SETTINGS:
        monkeypatch.delenv(name)


@pytest.fixture
def log_to() -> Iterator[Callable[..., io.StringIO]]:
    """The log as configured, in a text to look at."""

    def configured(**given: str) -> io.StringIO:
        file = io.StringIO()
        wiring.configure_log(load(given, None), file=file)
        return file

    yield configured
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({**TRIED, "outcome": "sent", "state": "sent"}, "P15 is out on X."),
        (
            {**TRIED, "outcome": "sent", "state": "sending"},
            "P15 on X: a part is out, the next one follows.",
        ),
        (
            {**TRIED, "outcome": "unknown", "state": "unconfirmed"},
            "P15 on X: no answer came. Not sent again; looking at its page first.",
        ),
        (
            {"event": "quarantined", "file": "a.md", "line": 1, "reason": "No second --- line."},
            "a.md, line 1: No second --- line. Left out.",
        ),
        (
            {**TRIED, "event": "held back", "state": "held", "reason": "Its time went by"},
            "P15 on X: on hold: Its time went by.",
        ),
        (
            {"event": "tick failed", "tick": "feeds", "exception": "Trace\n  a\nOSError: full"},
            "Reading the feeds did not work. OSError: full. It is tried again.",
        ),
        ({"event": "something new", "action": "something new", "n": 3}, "something new n=3"),
        ({"event": "queued", "level": "info"}, "queued"),
    ],
)
def test_an_event_is_told_as_a_sentence(event: dict[str, Any], said: str) -> None:
    """Without code words; one that has no words yet shows its fields."""
    assert words.event_line(event) == said


def test_the_log_is_one_plain_line_an_event_and_json_where_asked(
    log_to: Callable[..., io.StringIO],
) -> None:
    """A local time and a sentence; machines get `action`."""
    plain = log_to(LOG_FORMAT="text")
    structlog.get_logger().info("queued", action="queued", post="P1")
    as_json = log_to(LOG_FORMAT="json")
    structlog.get_logger().info("queued", action="queued", post="P1")

    clock, _, sentence = plain.getvalue().partition("  ")
    assert (len(clock), sentence) == (8, "P1 is in the queue.\n")
    assert json.loads(as_json.getvalue())["action"] == "queued"


def test_run_once_tells_what_was_tried_and_when_again(bot: Bot, write: Write) -> None:
    """An unreachable platform is not "nothing was due"; queue and home say the same."""
    write("a.md", "Nobody there.", at="now", to="x")
    bot("add", "posts/a.md")
    ran = bot("run", "--once")
    queue, home = bot("queue"), bot()

    assert "Tried: 1 post. Went out: 0." in ran.out
    assert "P1 on X: " in ran.out
    assert "It is tried again " in ran.out
    assert "It is tried again " in queue.out
    assert "Next out: P1 on X is tried again " in home.out
    assert ".." not in ran.out + queue.out + home.out


def test_doctor_says_that_nothing_can_go_out(bot: Bot, no_accounts: None) -> None:
    """Nothing is wrong, and yet all is not well."""
    bot("init")
    ran = bot("doctor")

    assert ran.code == 0
    assert ran.out.splitlines()[-1] == (
        "Nothing is wrong, but nothing can go out: no account is on. Next: docs/credentials.md"
    )


def test_check_and_add_say_that_no_account_is_on(bot: Bot, write: Write, no_accounts: None) -> None:
    """The file is right; it is not the file that must be put right."""
    write("a.md", "Words.")
    checked, added = bot("check"), bot("add", "posts/a.md")

    assert checked.code == 0
    assert "but no account is on yet, so nothing can be queued" in checked.out
    assert (added.code, "Put the file right" in added.out) == (1, False)


def test_check_names_an_account_that_is_off(
    bot: Bot, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where a post is for it."""
    monkeypatch.delenv("FACEBOOK_PAGE_TOKEN")
    write("a.md", "Words.", to="facebook")
    named = bot("check")
    write("a.md", "Words.", to="x")
    elsewhere = bot("check")

    assert "but Facebook is off" in named.out
    assert "is off" not in elsewhere.out


def test_a_hold_names_who_and_why_and_how_it_ends(bot: Bot, write: Write) -> None:
    """A person's hold is no approval that is waited for."""
    write("a.md", "Words.", at=LATER, to="x")
    bot("add", "posts/a.md")
    held = bot("hold", "P1", "--reason", "wait for the statement", "--as", "Ana")
    queue, shown = bot("queue"), bot("show", "P1")

    said = "on hold: Ana put it on hold (wait for the statement)"
    assert said in held.out
    assert said in queue.out
    assert "If it may go out: bot release 1" in queue.out
    assert said in shown.out
    assert "approv" not in held.out + queue.out + shown.out
    assert bot("release", "P1").code == 0


def test_the_log_says_when_first_counts_come() -> None:
    """How long, as people say it."""
    assert words.span(timedelta(hours=1)) == "one hour"
    assert words.span(timedelta(minutes=15)) == "15 minutes"


def test_a_second_feed_of_a_site_gets_a_numbered_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two feeds of one host do not collide."""
    taken = [{"name": "example.org"}, {"name": "example.org-2"}]
    monkeypatch.setattr("bot.cli.feeds._feeds", lambda _bot: taken)
    nothing: Any = None

    assert _free_name(nothing, "example.org") == "example.org-3"
    assert _free_name(nothing, "other.org") == "other.org"


def test_who_decided_is_named_as_people_say_it() -> None:
    """The door in brackets; a name with a colon of its own stays."""
    assert words.actor("cli:root") == "root (terminal)"
    assert words.actor("Ana") == "Ana"
    assert words.actor("feed:news") == "feed:news"


def test_a_wrong_number_is_said_plainly() -> None:
    """Not in the words of the library."""
    with pytest.raises(SettingsError) as wrong:
        load({"SEND_TIMEOUT_SECONDS": "soon", "SEND_THREADS": "many"}, None)

    assert "SEND_TIMEOUT_SECONDS: is not a number" in str(wrong.value)
    assert "SEND_THREADS: is not a whole number" in str(wrong.value)
