"""`bot report --week` at the terminal: its forms, what it refuses, and mailing."""

from typing import Any

import pytest
import time_machine
from world import NOON

from tests.cli.conftest import Bot


@pytest.fixture
def ready(bot: Bot) -> Any:
    """A bot that has never sent anything, on a Tuesday."""
    with time_machine.travel(NOON, tick=False):
        bot("init")
        yield bot


def test_a_quiet_week_is_told_in_every_form(ready: Bot) -> None:
    """In the same words, with the last whole week where none is typed."""
    said = "In the week from Monday 23 to Sunday 29 November 2026, nothing went out: "
    shown = ready("report", "--week")
    assert shown.code == 0
    assert shown.out.startswith(said)
    assert "bot report --week --format html" in shown.out.splitlines()[-1]
    assert said in ready("report", "--week", "2026-W48", "--format", "html").out
    found = ready("report", "--week", "--json", "--public").json
    assert (found["week"], found["public"], found["posts_out"]) == ("2026-W48", True, 0)
    assert found["sentences"][0].startswith(said)
    assert "costs" not in found
    assert ready("report", "--week", "--format", "xlsx").result.stdout_bytes.startswith(b"PK")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--week", "2026-W50"), "has not begun"),
        (("--week", "soon"), "such as 2026-W47"),
        (("--week", "--to", "a@example.org"), "--send --to ADDRESS"),
        (("--week", "--send"), "No mail server is set. Put MAIL_URL and MAIL_FROM"),
        (("--week", "--costs"), "Say which report"),
        (("--costs", "--public"), "That goes with --week"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(ready: Bot, typed: Any, said: str) -> None:
    ran = ready("report", *typed)
    assert ran.code == 2
    assert said in ran.err


def test_a_mail_that_does_not_go_is_told_and_fails(
    ready: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To an address that was typed, and to all who want it."""
    monkeypatch.setenv("MAIL_URL", "smtp://127.0.0.1:1")
    monkeypatch.setenv("MAIL_FROM", "bot@example.org")
    monkeypatch.setenv("SECRET_KEY", "a secret of tests, long enough to sign with 0123456789")
    ran = ready("report", "--week", "--send", "--to", "Ana@example.org")
    assert ran.code == 1
    assert "Not sent to ana@example.org. The mail server did not take the mail" in ran.out
    assert "Nobody wants it" in ready("report", "--week", "--send").out
    ready("people", "add", "bea@example.org", "--role", "staff", "--name", "Bea")
    assert "Not sent to Bea." in ready("report", "--week", "--send").out
    assert "did not reach Bea yet" in ready("doctor").out
