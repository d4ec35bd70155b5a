"""`bot purge` and `bot accounts history` at the terminal."""

from datetime import timedelta

import pytest

from bot.clock import system_now
from bot.model.engagement import PaidReading
from bot.store import retention
from bot.store.engine import Store


@pytest.fixture
def paid(bot, folder):
    """A database with one row that is past its time."""
    bot("init")
    store = Store(f"sqlite:///{folder}/var/bot.db", system_now)
    day = (system_now() - timedelta(days=9)).date()
    with store.write() as session:
        session.add(PaidReading(account_id=1, remote_id="1", day=day, amount_micros=1))
    store.close()


def test_a_dry_run_says_what_would_go_and_changes_nothing(bot, paid):
    """Twice the same; then it goes, and then there is nothing."""
    first, second = bot("purge", "--dry-run"), bot("purge", "--dry-run")
    assert (0, first.out) == (first.code, second.out)
    assert "1  Which posts were paid for on days before yesterday" in first.out
    assert "Nothing was changed." in first.out
    assert "Nothing was changed." not in bot("purge").out
    assert "Nothing is past its time." in bot("purge").out


def test_purge_for_machines(bot, paid):
    """Every rule, with why."""
    told = bot("purge", "--dry-run", "--json").json
    assert told["dry_run"] is True
    assert [rule.name for rule in retention.RULES] == [one["rule"] for one in told["rules"]]
    assert {"paid readings": 1} == {
        one["rule"]: one["rows"] for one in told["rules"] if one["rows"]
    }
    assert all(one["says"] and one["why"] for one in told["rules"])


def test_the_price_of_the_past_is_said_first_and_asked(bot):
    """Unanswered, nothing is read and nothing spent."""
    bot("init")
    ran = bot("accounts", "history", "x")
    assert ran.code != 0
    assert "costs at most $3.20" in ran.out
    assert "seen" not in ran.out


def test_a_past_that_cannot_be_read_is_said(bot):
    """Nobody answers at the address of the test."""
    bot("init")
    ran = bot("accounts", "history", "facebook", "--since", "2026-01-31")
    assert ran.code != 0
    assert "costs nothing" in ran.out
    assert "Facebook could not be read." in ran.err


def test_an_unknown_account_is_named(bot):
    """With those there are."""
    bot("init")
    assert (
        "There is no account named y. Accounts: x, facebook." in bot("accounts", "history", "y").err
    )
