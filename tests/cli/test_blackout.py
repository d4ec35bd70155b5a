"""`bot blackout`: what is set, what becomes of each post, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from bot.cli.group import cli
from tests.cli.conftest import Bot

Write = Callable[..., Path]


def test_a_quiet_time_says_what_becomes_of_each_post_and_can_be_taken_back(
    bot: Bot, write: Write
) -> None:
    """The typed time is on hold at once, the slot moves, the rest is left alone."""
    write("a.md", "Inside it.", at="2099-12-24 18:30", to="x")
    write("b.md", "Outside of it.", at="2099-12-28 18:30", to="x")
    bot("add", "posts/a.md", "posts/b.md")
    first, last = "24/12/2099 18:00", "27/12/2099"
    added = bot("blackout", "add", "--from", first, "--until", last, "--reason", "Christmas")
    queue, listed = bot("queue"), bot("blackout", "list", "--json")
    later = bot("add", str(write("c.md", "Queued into it.", at="2099-12-25 12:00", to="x")))
    removed = bot("blackout", "remove", "1", "--reason", "we are back")
    after = bot("queue")

    assert added.code == queue.code == removed.code == 0
    assert (
        "Everything is quiet from Thursday 24 December 2099, 18:00 until "
        "Monday 28 December 2099, 00:00: Christmas."
    ) in added.out
    assert "P1 on X: was to go out Thursday 24 December 2099, 18:30. It is on hold" in added.out
    assert "P2" not in added.out
    assert "Give them new times: bot release 1 --at next" in added.out
    assert "Take it back with: bot blackout remove 1" in queue.out
    assert "P1 on X: on hold: a quiet time is set" in queue.out
    assert "Goes out: Thursday 24 December" not in queue.out
    assert [("2099-12-24T18:00:00Z", "2099-12-28T00:00:00Z", None, False)] == [
        (row["starts_at"], row["ends_at"], row["account"], row["in_force"]) for row in listed.json
    ]
    assert "On hold: a quiet time is set" in later.out
    assert "P1 on X: goes out Thursday 24 December 2099 at 18:30" in removed.out
    assert "P3 on X: goes out Friday 25 December 2099 at 12:00" in removed.out
    assert "on hold" not in after.out


def test_the_next_free_time_moves_out_of_the_quiet_time(bot: Bot, write: Write) -> None:
    """And says where to; nothing waits for a person."""
    write("a.md", "For a slot.", to="x", at="next")
    bot("add", "posts/a.md")
    before = bot("queue", "--json").json[0]["due_at"]
    until = f"{int(before[:4]) + 1}-01-01"
    added = bot("blackout", "add", "x", "--until", until, "--reason", "a long rest")
    row = bot("queue", "--json").json[0]

    assert "P1 on X: goes out" in added.out
    assert "Note: That is" in added.out
    assert row["state"] == "waiting"
    assert row["due_at"] > until > before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "--until", "2099-12-27"), 2, "Say why"),
        (("add", "--until", "2020-12-27", "--reason", "r"), 2, "before it begins"),
        (
            ("add", "--from", "2020-12-01", "--until", "2020-12-27", "--reason", "r"),
            2,
            "has passed",
        ),
        (("add", "mastodon", "--until", "2099-12-27", "--reason", "r"), 2, "no account named"),
        (("add", "--reason", "r"), 2, "--until"),
        (("remove", "7"), 2, "There is no quiet time 7. See: bot blackout list"),
    ],
)
def test_what_cannot_be_set_or_taken_back_is_said(
    bot: Bot, words: tuple[str, ...], code: int, said: str
) -> None:
    """One plain sentence, and nothing is changed."""
    bot("init")
    ran = bot("blackout", *words)

    assert (code, True) == (ran.code, said in ran.err), ran.err
    assert "No quiet time is set." in bot("blackout", "list", "--all").out


def test_an_account_is_resumed_only_as_far_as_it_was_paused(bot: Bot) -> None:
    """Pausing twice changes the reason; the wider pause is named, not hidden."""
    bot("init")
    for words in (("x", "first"), ("x", "second"), ("", "everything")):
        bot("pause", *filter(None, words[:1]), "--reason", words[1])
    inner, home = bot("resume", "x"), bot()
    again, outer = bot("resume", "x"), bot("resume")

    assert inner.code == outer.code == 0
    assert "X has no pause of its own any more, but everything is paused: everything." in inner.out
    assert "Everything is paused: everything." in home.out
    assert "X is paused" not in home.out
    assert (again.code, "every account" in again.err) == (1, True)
    assert "Everything goes on." in outer.out


def test_resume_asks_and_no_means_no(
    bot: Bot, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The times shown are those it then gets; a person at the terminal is asked first."""
    bot("init")
    bot("pause", "--reason", "an accident")
    bot("add", str(write("a.md", "Words.", to="x", at="now")))
    at_a_terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("bot.cli.resume.sys", at_a_terminal)
    refused = CliRunner().invoke(cli, ["resume"], input="n\n")
    still = bot()
    agreed = CliRunner().invoke(cli, ["resume"], input="y\n")

    assert refused.exit_code == 130
    assert "P1 on X was due" in refused.stdout
    assert "goes out now" in refused.stdout
    assert "Everything is paused" in still.out
    assert (agreed.exit_code, "Everything goes on." in agreed.stdout) == (0, True)
    assert "Everything is paused" not in bot().out
