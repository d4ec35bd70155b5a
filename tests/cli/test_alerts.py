"""`bot alerts` and what doctor says of alarms, with real receivers on this machine."""

import os
from pathlib import Path

import pytest
from postbox import Postbox
from web.letterbox import Letterbox

from tests.cli.conftest import Bot


def test_every_receiver_is_tested_and_told_of_by_itself(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail server takes it, a web hook refuses; no key of either is shown, nor kept."""
    bot("init")
    with Letterbox() as box, Postbox() as hook:
        port = box.server_address[1]
        mail = f"mailto://127.0.0.1:{port}/?from=bot@example.org&to=ana@example.org"
        monkeypatch.setenv("ALERT_URLS", f"{mail} budget=json://{hook.at}/sEcretToken")
        hook.answers = 401
        ran = bot("alerts", "test")
        assert ran.code == 1
        assert "1. e-mail (127.0.0.1): it took the test." in ran.out
        assert "2. web hook (127.0.0.1): It did not take it (it answered 401)." in ran.out
        (letter,) = box.wait_for(1)
        assert letter["Subject"] == "Campaign bot: A test"
        assert "asked for by a person" in letter.get_payload()
        doctor = bot("doctor")
        assert "alarms to 1. e-mail (127.0.0.1): It was last reached on" in doctor.out
        assert "WRONG  alarms to 2. web hook (127.0.0.1): The last try failed" in doctor.out
        hook.answers = 200
        assert [one["error"] for one in bot("alerts", "test", "--json").json] == [None, None]
        assert hook.kept[-1][1]["title"] == "Campaign bot: A test"
    said = ran.out + ran.err + doctor.out + doctor.err
    assert "sEcretToken" not in said
    assert b"sEcretToken" not in Path("var/bot.db").read_bytes()


def test_without_a_receiver_it_says_so(bot: Bot) -> None:
    """A test of nothing is no success; doctor notes it."""
    bot("init")
    ran = bot("alerts", "test")
    assert ran.code == 1
    assert "No receiver is set, so nobody is told." in ran.out
    assert "alarms: Nobody is told when something goes wrong." in bot("doctor").out


def test_a_round_of_cron_tells_at_its_end_and_the_list_says_what(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be read stands in the list; a backup that failed is told of at once."""
    bot("init")
    monkeypatch.setenv("QUIET_HOURS", "")
    assert "Nothing was alarmed yet." in bot("alerts", "list").out
    target = Path("there.db")
    target.write_text("")
    assert bot("backup", str(target)).code == 1
    with Postbox() as hook:
        monkeypatch.setenv("ALERT_URLS", f"json://{hook.at}/x")
        bot("run", "--once")
        told = [said for _, said in hook.kept]
    assert [said["title"] for said in told] == ["Campaign bot: A backup failed"]
    assert "there.db is there already" in told[0]["message"]
    listed = bot("alerts", "list").out
    assert "A backup failed, since" in listed
    assert "Told through 1. web hook (127.0.0.1)." in listed
    assert [row["name"] for row in bot("alerts", "list", "--json").json] == ["backup failed"]
    assert "WRONG  backups: The one of" in bot("doctor").out
    assert bot("backup").code == 0
    assert "backups: The last is of" in bot("doctor").out
    assert "program: Campaign bot" in bot("doctor").out


def test_the_label_is_confirmed_by_a_person_with_a_date(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot cannot see it; doctor asks until somebody said so, of live accounts only."""
    bot("init")
    assert bot("accounts", "label", "facebook").code == 2
    assert "Noted: X" in bot("accounts", "label", "x", "--as", "ana").out
    assert os.environ["X_API_URL"].startswith("http://127.")
    assert "X label" not in bot("doctor").out
