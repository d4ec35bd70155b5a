"""`bot people` at the terminal: handing out, forgetting, and letting a lost admin in again."""

import json

import pytest

from bot.clock import system_now
from bot.store import people
from bot.store.engine import Store
from tests.cli.conftest import Bot


@pytest.fixture
def staffed(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """A database with two admins."""
    monkeypatch.setenv("SECRET_KEY", "a secret of tests, long enough to sign with 0123456789")
    bot("init")
    for name in ("ana", "ben"):
        assert 0 == bot("people", "add", f"{name}@example.org", "--role", "admin").code
    return bot


def test_export_is_json_and_forget_asks_first(staffed: Bot) -> None:
    """Without a yes nothing changes; the last admin stays."""
    told = json.loads(staffed("people", "export", "Ana@Example.org").out)
    assert "ana@example.org" == told["person"]["email"]

    assert 0 != staffed("people", "forget", "ana@example.org").code
    assert 0 == staffed("people", "export", "ana@example.org").code
    gone = staffed("people", "forget", "ana@example.org", "--yes")
    assert (0, True) == (gone.code, "as that of person 1" in gone.out)
    assert 2 == staffed("people", "export", "ana@example.org").code
    assert "Name: ana" not in staffed("people", "list").out
    last = staffed("people", "forget", "ben@example.org", "--yes")
    assert "This is the last admin" in last.err


def test_who_has_only_the_machine_becomes_admin_again(staffed: Bot) -> None:
    """Stopped, without a password that works, and with nobody left to ask."""
    store = Store("sqlite:///var/bot.db", system_now)
    with store.write() as session:
        for person in people.all_of(session):
            person.active, person.role, person.password = False, "volunteer", "forgotten"
    store.close()
    ran = staffed("people", "add", "ana@example.org", "--role", "admin", "--anew")

    assert 0 == ran.code, ran.err
    assert "ana@example.org is invited as admin. This link works once" in ran.out
    assert "/reset/" in ran.out
    assert ("admin", True, True) == next(
        (one["role"], one["active"], one["invited"])
        for one in staffed("people", "list", "--json").json
        if one["email"] == "ana@example.org"
    )
