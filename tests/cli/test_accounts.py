"""`bot accounts`: keys come in by any door but the command line, and are shown at none."""

import pytest
from click.testing import CliRunner

from bot.accounts.vault import new_key
from bot.cli.group import cli
from bot.sandbox import Sandbox


@pytest.fixture
def neighbour(folder, monkeypatch):
    """A profile that may be added, on simulated platforms that the settings name."""
    with Sandbox() as sandbox:
        for name, value in {**sandbox.settings(), "ENCRYPTION_KEYS": new_key()}.items():
            monkeypatch.setenv(name, value)
        yield sandbox.neighbour().accounts


@pytest.fixture
def added(bot, neighbour, monkeypatch):
    """The profile, added by the names of two environment variables."""
    bot("init")
    monkeypatch.setenv("BOGOTA", neighbour.x_token)
    monkeypatch.setenv("BOGOTA_SECRET", neighbour.x_token_secret)
    by_name = ("X_ACCESS_TOKEN=BOGOTA", "X_ACCESS_TOKEN_SECRET=BOGOTA_SECRET")
    ran = bot(
        "accounts", "add", "bogota-x", "--platform", "x", "--env", by_name[0], "--env", by_name[1]
    )
    assert ran.code == 0
    return neighbour


def listed(bot, *more):
    return {row["account"]: row for row in bot("accounts", "list", "--json", *more).json}


def test_keys_are_read_from_lines_and_shown_nowhere(bot, neighbour):
    """What is typed wrongly may be a secret, too."""
    bot("init")
    add = ["accounts", "add", "bogota-x", "--platform", "x", "--stdin"]
    token, secret = neighbour.x_token, neighbour.x_token_secret
    inputs = {
        f"X_ACCESS_TOKEN={token}\nX_ACCESS_TOKEN_SECRET={secret[:-1]}\n": 1,
        f"X_ACCESS_TOKEN={token}\n{secret}\n": 2,
        f"X_ACCESS_TOKEN={token}\n": 2,
        f"# the keys\nX_ACCESS_TOKEN={token}\n\nX_ACCESS_TOKEN_SECRET='{secret}'\n": 0,
    }
    for lines, code in inputs.items():
        ran = CliRunner().invoke(cli, add, input=lines, prog_name="bot")
        assert ran.exit_code == code, ran.output
        assert secret[:-1] not in ran.output
        assert token not in ran.output
    assert listed(bot)["bogota-x"]["on"]


def test_one_account_among_many_is_set_found_and_removed(bot, added):
    """Each in one command, and the list says so."""
    assert bot("accounts", "set", "bogota-x", "--budget", "5", "--zone", "America/Bogota").code == 0
    row = listed(bot, "bogo", "--platform", "x")["bogota-x"]
    assert (row["budget_usd"], row["timezone"], row["default"]) == (5, "America/Bogota", False)
    assert row["credentials"] == "stored"
    assert bot("accounts", "list", "--trouble").out == "No account is like that.\n"
    assert bot("accounts", "set", "bogota-x", "--budget", "much").code == 2
    assert bot("accounts", "set", "bogota-x").code == 2

    assert bot("accounts", "remove", "bogota-x", "--reason", "Over").code == 2
    assert bot("accounts", "remove", "x", "--reason", "Over", "--yes").code == 2
    ran = bot("accounts", "remove", "bogota-x", "--reason", "Over", "--yes")
    assert "0 posts withdrawn. The log stays." in ran.out
    assert "bogota-x" not in listed(bot)


def test_a_lost_key_is_found_as_trouble_and_a_rotation_names_it(bot, added, monkeypatch):
    """The account is named, its keys are left as they are, and nothing crashes."""
    monkeypatch.setenv("ENCRYPTION_KEYS", new_key())

    assert "cannot be opened" in listed(bot, "--trouble")["bogota-x"]["trouble"]
    ran = bot("accounts", "rotate")
    assert ran.code == 1
    assert "left as they are: bogota-x" in ran.err
