"""`bot resolve`: what it shows, what it asks, and what it does when it cannot look."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from bot.cli.group import cli
from bot.clock import system_now
from bot.model.delivery import Delivery
from bot.model.post import Post
from bot.store import claims, deliveries
from bot.store.engine import Store
from tests.cli.conftest import Bot

Write = Callable[..., Path]
Stage = Callable[..., None]


@pytest.fixture
def stage(bot: Bot, folder: Path, write: Write) -> Iterator[Stage]:
    """A post in doubt on X and Facebook, or on one of them; no platform can be read."""
    write("a.md", "Words in doubt.", at="now")
    bot("add", "posts/a.md")
    store = Store(f"sqlite:///{folder}/var/bot.db", system_now)

    def set_up(*numbers: int, **row: Any) -> None:
        now = system_now()
        values = {
            "state": "held",
            "holds": frozenset({"in doubt"}),
            "doubt_since": now,
            "asked_at": now,
            "looks": 4,
            "reason": "We have looked 4 times and it is not there.",
            **row,
        }
        with store.write() as session:
            for number in numbers:
                delivery = deliveries.get(session, number)
                part = deliveries.parts(session, number)[0]
                claims.begin_attempt(session, delivery, part, token="t", now=now)
                session.execute(update(Delivery).where(Delivery.id == number).values(**values))
            if "edited" in row:
                session.execute(update(Post).values(edited_at=now))

    set_up.store = store  # type: ignore[attr-defined]
    yield set_up
    store.close()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """A person at a terminal types the command, and then answers."""

    def run(*words: str, answers: str = "") -> Result:
        at_a_terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
        monkeypatch.setattr("bot.cli.resolve.sys", at_a_terminal)
        return CliRunner().invoke(cli, list(words), input=answers)

    return run


def test_without_an_answer_it_shows_what_is_known_and_what_to_type(bot: Bot, stage: Stage) -> None:
    """When it was sent, how often the bot looked, where to look, and that waiting does no harm."""
    stage(1)
    ran = bot("resolve", "P1")

    assert (ran.code, ran.out) == (2, "")
    assert "P1 on X (number 1): on hold: it may be out already" in ran.err
    assert "We have looked 4 times" in ran.err
    assert "It was sent " in ran.err
    assert "Look yourself: http://127.0.0.1:9/" in ran.err
    for option in ("--sent LINK", "--absent now", "--absent next", "--drop"):
        assert f"bot resolve P1 {option}" in ran.err
    assert "Nothing goes wrong by waiting." in ran.err


@pytest.mark.parametrize("absent", ["now", "next"])
def test_sending_again_without_a_look_needs_a_second_word(
    bot: Bot, stage: Stage, absent: str
) -> None:
    """The platform cannot be read: nothing happens until somebody says that they are sure."""
    stage(1)
    unsure = bot("resolve", "1", "--absent", absent)
    still = bot("queue", "--json").json
    sure = bot("resolve", "1", "--absent", absent, "--sure")

    assert unsure.code == 1
    assert "We could not look whether it is up: " in unsure.err
    assert "type the same again with --sure" in unsure.err
    assert [["in doubt"]] == [row["holds"] for row in still if row["delivery"] == "1"]
    assert sure.code == 0
    assert "P1 on X (number 1): goes out" in sure.out


def test_what_needs_no_look_to_be_safe_is_done_without_one(bot: Bot, stage: Stage) -> None:
    """Dropping it sends nothing, and a link is an answer of its own."""
    stage(1, 2)
    dropped = bot("resolve", "1", "--drop")
    found = bot("resolve", "2", "--sent", "https://www.facebook.com/987654321_12")

    assert (dropped.code, "cancelled" in dropped.out) == (0, True)
    assert (found.code, "P1 on Facebook (number 2): out." in found.out) == (0, True)
    assert "https://www.facebook.com/987654321_12" in found.out


def test_in_doubt_on_two_accounts_wants_one_answer_each(bot: Bot, stage: Stage) -> None:
    """The numbers are named with their accounts."""
    stage(1, 2)
    ran = bot("resolve", "P1", "--drop")

    assert ran.code == 2
    assert "Answer for one: 1 (X) or 2 (Facebook)." in ran.err


@pytest.mark.parametrize(
    ("answers", "code", "said", "holds"),
    [
        ("2\nn\n", 130, "Are you sure that it is not there?", ["in doubt"]),
        ("2\ny\n", 0, "goes out", []),
        ("3\ny\n", 0, "goes out", []),
        ("4\n", 0, "cancelled", None),
        ("1\nhttps://x.com/us/status/1234567890\n", 0, "(number 1): out.", None),
        ("5\n", 130, "is not in the range 1<=x<=4", ["in doubt"]),
    ],
)
def test_at_a_terminal_the_question_is_asked_with_its_four_answers(
    bot: Bot,
    stage: Stage,
    typed: Callable[..., Result],
    answers: str,
    code: int,
    said: str,
    holds: list[str] | None,
) -> None:
    """Each leads to the same as its option; leaving it changes nothing."""
    stage(1)
    ran = typed("resolve", "P1", answers=answers)
    rows = {row["delivery"]: row["holds"] for row in bot("queue", "--json").json}

    assert ran.exit_code == code, ran.output
    assert "  1  It is up" in ran.output
    assert "  4  Drop it, whether it is up or not" in ran.output
    assert said in ran.output
    assert holds == rows.get("1")


def test_a_thread_says_which_part_and_an_edit_that_it_waits(
    bot: Bot, stage: Stage, folder: Path, write: Write
) -> None:
    """In the queue and in the story of the post."""
    write("b.md", "One two three four. " * 30, at="now", to="x", thread="yes")
    bot("add", "posts/b.md")
    stage(3)
    write("b.md", "Quite other words. " * 30, at="now", to="x", thread="yes")
    edited = bot("add", "posts/b.md")
    queue, shown = bot("queue"), bot("show", "P2")

    assert "it may be out already; the change waits" in edited.out
    for said in ("Part 1 of 3 was sent", "Its file was changed meanwhile; that is taken up once"):
        assert said in queue.out
        assert said in shown.out
    assert [True] == [row["edit_waits"] for row in bot("queue", "--json").json if row["looks"]]


def test_what_was_dropped_and_is_out_is_shown_until_it_is_noted(bot: Bot, stage: Stage) -> None:
    """In the queue, the story and the log, with its link and what to type."""
    stage(1, 2)
    bot("resolve", "2", "--drop")
    bot("resolve", "1", "--drop")
    link = "https://x.com/i/web/status/77"
    with stage.store.write() as session:  # type: ignore[attr-defined]
        part = deliveries.parts(session, 1)[0]
        part.remote_id, part.url, part.sent_at = "77", link, system_now()
        row = deliveries.get(session, 1)
        row.sent_at = row.asked_at = system_now()
        row.reason = "It was withdrawn, and then it turned out that it is out."
    queue, shown, log = bot("queue"), bot("show", "P1"), bot("log")
    noted = bot("resolve", "1", "--sent", link)
    after = bot("queue")

    assert queue.code == 1
    for ran in (queue, shown):
        assert "withdrawn, but out" in ran.out
        assert link in ran.out
        assert f"If it may stand there, note it: bot resolve 1 --sent {link}" in ran.out
    assert "(although withdrawn)" in log.out
    assert (noted.code, after.code) == (0, 0)
    assert "withdrawn" not in after.out
    assert "(although withdrawn)" in bot("log").out
