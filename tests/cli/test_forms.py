"""Templates and posts that recur, as the command tells of them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Bot

Write = Callable[..., Path]
LATER = "2099-12-01 18:30"
TALK = """---
name: A talk
fields:
  who:
    means: who speaks
    example: María Fernanda Rodríguez
x: |
  {who} speaks.
---
{who} speaks.

{text}
"""
TURNS = "Write to your MP today.\n***\nHave you written to your MP?"
UNTIL = datetime.now(UTC).date() + timedelta(days=120)
LAST_DAY = f"{UNTIL:%A} {UNTIL.day} {UNTIL:%B %Y}"
EVERY = {"every": "2 weeks", "until": UNTIL.isoformat()}


@pytest.fixture
def talk(folder: Path) -> Path:
    path = folder / "posts" / "templates" / "talk.md"
    path.parent.mkdir()
    path.write_text(TALK, encoding="utf-8")
    return path


def talks(write: Write, fields: str = "who: Ana", text: str = "Come.") -> Path:
    return write("a.md", text, template="talk", at=LATER, fields=f"{{{fields}}}")


def test_what_the_preview_of_a_template_shows_is_what_is_queued(
    bot: Bot, write: Write, talk: Path
) -> None:
    """Byte by byte, in the words of the template."""
    path = talks(write)
    preview = bot("preview", str(path), "--json").json
    added = bot("add", str(path), "--json").json
    shown = {one["account"]: [part["text"] for part in one["parts"]] for one in preview["accounts"]}
    queued = {one["account"]: one["parts"] for one in added[0]["deliveries"]}

    assert {"x": ["Ana speaks."], "facebook": ["Ana speaks.\n\nCome."]} == shown
    assert shown == queued
    assert "Made with the template talk." in bot("show", "P1").out


@pytest.mark.parametrize(
    ("fields", "line", "words"),
    [
        ("whom: Ana", 5, "whom is no field of talk. Did you mean who?"),
        ("who: Ana, food: soup", 5, "food is no field of talk."),
    ],
)
def test_a_field_that_is_not_right_is_named_with_its_line(
    bot: Bot, write: Write, talk: Path, fields: str, line: int, words: str
) -> None:
    """In check, preview and add alike."""
    path = talks(write, fields)
    for verb in ("check", "preview", "add"):
        ran = bot(verb, str(path))
        assert f"{path}:{line - 1}: {words}" in ran.out + ran.err
        assert 1 == ran.code


def test_checking_the_folder_checks_its_templates(bot: Bot, folder: Path, talk: Path) -> None:
    """By file and line: what stands in no field, and what their examples would make."""
    assert "1 file checked, nothing is wrong" in bot("check").out
    talk.write_text(TALK.replace("{who} speaks.\n\n", "{whom} speaks.\n\n"), encoding="utf-8")
    wrong = bot("check")
    talk.write_text(TALK.replace("María", "tonight.At"), encoding="utf-8")
    joined = bot("check")
    talk.write_text(TALK.replace("María", "María " * 60), encoding="utf-8")
    long = bot("check", str(talk))

    name = talk.relative_to(folder)
    assert f"{name}:10: {{whom}} is not one of its fields. Did you mean who?" in wrong.out
    assert f"{name}:8: With its examples, X: “tonight.At” lacks a space" in joined.out
    assert f"{name}:8: With its examples, X: " in long.out
    assert [1, 1, 1] == [wrong.code, joined.code, long.code]


def test_a_template_is_previewed_with_its_examples_and_never_queued(bot: Bot, talk: Path) -> None:
    """It is no post."""
    shown = bot("preview", str(talk)).out

    assert "María Fernanda Rodríguez speaks." in shown
    assert "A post names it: template: talk" in shown
    assert 2 == bot("add", str(talk)).code


def test_every_wording_is_previewed_and_the_first_is_queued(bot: Bot, write: Write) -> None:
    """And how often, and until when."""
    path = write("a.md", TURNS, **EVERY, to="x")
    preview, added = bot("preview", str(path)).out, bot("add", str(path)).out
    story = bot("show", "P1")

    first, later = preview.split("In later rounds:")
    assert "| Write to your MP today." in first
    assert "| Have you written to your MP?" in later
    assert "“Write to your MP today.”" in added
    assert f"Repeated every 2 weeks until {LAST_DAY}, in turn" in added
    assert f"Repeated every 2 weeks until {LAST_DAY}." in story.out
    assert re.search(r"X: next .* in wording 1 of 2\.", story.out)
    told = bot("show", "P1", "--json").json["recurrence"]
    assert ("2 weeks", UNTIL.isoformat()) == (told["every"], told["until"])
    assert [("x", 1, 1, 2, None)] == [
        (one["account"], one["round"], one["wording"], one["wordings"], one["stopped"])
        for one in told["accounts"]
    ]


def test_cancelling_asks_for_nothing_and_says_what_becomes_of_it(bot: Bot, write: Write) -> None:
    """The next one alone, or all that would follow."""
    bot("add", str(write("a.md", TURNS, **EVERY)))
    skipped = bot("cancel", "P1", "--this-one")
    waiting = bot("queue", "--json").json
    ended = bot("cancel", "P1")
    after = bot("show", "P1").out

    assert "P1 on X and Facebook is repeated all the same." in skipped.out
    assert [2, 2] == [row["round"] for row in waiting if row["state"] == "waiting"]
    assert "P1 on X and Facebook is not repeated any more." in ended.out
    assert 2 == after.count("it is not repeated any more; it was cancelled")
    assert "skipped this one" in after


def test_only_what_recurs_has_a_next_one_to_cancel(bot: Bot, write: Write) -> None:
    """Any other is cancelled without that word."""
    bot("add", str(write("a.md", "Once.", at=LATER)))
    refused = bot("cancel", "P1", "--this-one")

    assert "P1 does not recur. Cancel it without --this-one." in refused.err
    assert 1 == refused.code
