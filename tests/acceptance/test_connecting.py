"""Accounts connected from a page: as commands show them, and as a running bot uses them."""

import time
from typing import Any

import pytest
from consenting import came_back

from bot.accounts.vault import new_key
from bot.wiring import Bot

from .conftest import SECONDS, Desk

MARK = "a mark that stands for a session"
OWN = ("X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET", "FACEBOOK_PAGE_ID", "FACEBOOK_PAGE_TOKEN")


@pytest.fixture
def page(desk: Desk) -> Bot:
    """What a web app has: the bot on the desk's database, with no account's own keys anywhere."""
    for name in OWN:
        del desk.env[name]
    desk.env["ENCRYPTION_KEYS"] = new_key()
    return desk.opened()


def connect(page: Bot, name: str) -> None:
    back = f"http://127.0.0.1:8000/accounts/{name}/connected"
    returned = came_back(page.connections.begin(name, session_mark=MARK, return_to=back))
    page.connections.finish(name, returned, session_mark=MARK, actor="ana@example.org")


def listed(desk: Desk) -> dict[str, dict[str, Any]]:
    return {row["account"]: row for row in desk.bot("accounts", "list", "--json").json}


def test_the_list_says_where_the_keys_come_from_and_who_connected(page: Bot, desk: Desk) -> None:
    """And since when; what is in the environment is shown as such."""
    connect(page, "facebook")
    desk.env |= {name: desk.sandbox.settings()[name] for name in OWN[:2]}
    rows = listed(desk)

    assert rows["x"]["credentials"] == "environment"
    assert rows["x"]["connected_by"] is rows["x"]["connected_at"] is None
    facebook = rows["facebook"]
    assert (facebook["credentials"], facebook["connected_by"]) == ("stored", "ana@example.org")
    assert facebook["connected_at"].endswith("Z")
    assert (facebook["expires_at"], facebook["trouble"], facebook["on"]) == (None, None, True)
    said, checked = desk.together(["accounts", "list"], ["accounts", "check"])
    assert "from the environment" in said.out
    assert "connected by ana@example.org" in said.out
    assert checked.code == 0
    assert "Signed in as Campaign Sandbox" in checked.out


def test_a_bot_that_runs_takes_over_what_is_connected_meanwhile(page: Bot, desk: Desk) -> None:
    """And stops using what is disconnected, without a restart."""
    running = desk.start("run")
    try:
        wait_until(lambda: desk.bot("doctor", "--json").json, running_is_told)
        connect(page, "x")
        desk.write("one.md", "Connected while it runs.", to="x", at="now")
        wait_until(lambda: desk.texts("x"), lambda texts: texts == ["Connected while it runs."])
        ran = desk.bot("accounts", "disconnect", "x", "--reason", "the key may have leaked")
        assert (ran.code, "Its posts wait" in ran.out) == (0, True)
        assert listed(desk)["x"]["on"] is False
    finally:
        running.terminate()
        said = running.communicate(timeout=SECONDS)[1]

    assert said.count("x was connected or disconnected: taken over.") == 2


def running_is_told(findings: list[dict[str, Any]]) -> bool:
    heartbeat = [one for one in findings if one["check"] == "heartbeat"]
    return bool(heartbeat) and heartbeat[0]["ok"] and not heartbeat[0]["note"]


def wait_until(look: Any, holds: Any) -> None:
    """Until it holds; a machine that is busy takes its time."""
    until = time.monotonic() + SECONDS
    while not holds(found := look()):
        assert time.monotonic() < until, found
        time.sleep(0.1)


def test_checking_and_previewing_know_of_accounts_that_are_connected(page: Bot, desk: Desk) -> None:
    """A post without `to:` is for every account that is on."""
    connect(page, "x")
    path = desk.write("one.md", "Solidarity with Honduras.")
    checked, shown = desk.together(["check", str(path)], ["preview", str(path), "--json"])

    assert (checked.code, "no account is on" in checked.out) == (0, False)
    assert "Solidarity with Honduras." in shown.out


def test_a_lost_key_is_told_by_every_command_and_breaks_none(page: Bot, desk: Desk) -> None:
    """With what to do now."""
    connect(page, "x")
    desk.env["ENCRYPTION_KEYS"] = new_key()
    doctor, rows, check, home, rotated = desk.together(
        ["doctor"], ["accounts", "list"], ["accounts", "check", "x"], [], ["accounts", "rotate"]
    )

    assert doctor.code == check.code == rotated.code == 1
    for said in (doctor.out, rows.out, check.out, rotated.err):
        assert "connect the account again" in " ".join(said.split())
    assert home.code == 1
    assert all("Traceback" not in one.err for one in (doctor, rows, check, home, rotated))


def test_a_key_is_made_used_and_changed(page: Bot, desk: Desk) -> None:
    """From the command that prints one to the day the old one is taken out."""
    connect(page, "x")
    old = desk.env["ENCRYPTION_KEYS"]
    new = desk.bot("accounts", "key").out.strip()
    desk.env["ENCRYPTION_KEYS"] = f"{new},{old}"
    assert desk.bot("accounts", "rotate").code == 0
    desk.env["ENCRYPTION_KEYS"] = new

    assert listed(desk)["x"]["on"] is True
    desk.env["ENCRYPTION_KEYS"] = "not a key"
    ran = desk.bot("queue")
    assert ran.code == 2
    assert "ENCRYPTION_KEYS: key 1 is not one. Make one with: bot accounts key" in ran.err


def test_set_up_says_that_an_account_may_be_connected_instead(desk: Desk) -> None:
    """Where the app's own keys are there."""
    for name in OWN:
        del desk.env[name]
    said = desk.bot("init").out
    assert said.count("Or connect it in the web app, under Accounts") == 2
    del desk.env["X_API_SECRET"]
    assert desk.bot("init").out.count("Or connect it in the web app, under Accounts") == 1


def test_a_stored_account_is_on_at_set_up(page: Bot, desk: Desk) -> None:
    """Set-up goes by what is there, wherever it is kept."""
    connect(page, "x")

    assert "X: on, a simulated one on this machine." in desk.bot("init").out


def test_nothing_stored_cannot_be_disconnected(page: Bot, desk: Desk) -> None:
    """And rotating has nothing to do."""
    refused, rotated = desk.together(["accounts", "disconnect", "x"], ["accounts", "rotate"])

    assert (refused.code, "X is not connected." in refused.err) == (1, True)
    assert (rotated.code, "Nothing is stored" in rotated.out) == (0, True)
