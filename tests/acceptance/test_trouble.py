"""What goes wrong around the bot: credentials, networks, databases, disks, signals, secrets."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests.acceptance.conftest import Desk, Ran

ESCAPE = "\x1b"
UGLY = re.compile(
    r"Traceback|\b(delivery|deliveries|variant|lease|lint|quarantined?)\b", re.IGNORECASE
)


def _texts(*ran: Ran) -> str:
    return "".join(one.out + one.err for one in ran)


def test_without_database_or_settings_bot_says_what_to_do(desk: Desk) -> None:
    """Home, check and preview work; the rest names the one command to run, and leaves no file."""
    for name in [name for name in desk.env if name.startswith(("X_", "FACEBOOK_"))]:
        del desk.env[name]
    desk.write("a.md", "Some words.", at="next")
    home, checked, preview, queue = desk.together(
        [], ["check"], ["preview", "posts/a.md"], ["queue"]
    )
    made = (desk.folder / "var").exists()
    set_up = desk.bot("init")
    added, listed = desk.together(["add", "posts/a.md"], ["accounts", "list", "--json"])

    assert (home.code, checked.code, preview.code) == (0, 0, 0)
    assert "bot init" in home.out
    assert len(home.out.splitlines()) <= 12
    assert "X: 11 of 280 characters" in preview.out
    assert (queue.code, made) == (1, False)
    assert queue.err == "There is no database yet (var/bot.db). Run: bot init\n"
    assert set_up.code == 0
    assert "X_API_KEY=" in set_up.out
    assert (added.code, "No account is on yet" in added.err) == (1, True)
    assert [row["on"] for row in listed.json] == [False, False]


def test_wrong_credentials_park_the_account_and_are_told_plainly(desk: Desk) -> None:
    """The other account goes on; nothing is lost; doctor and queue say who must act."""
    desk.env["FACEBOOK_PAGE_TOKEN"] = "EAAB-a-wrong-token-0123456789"
    desk.write("a.md", "Signed out.", at="now")
    ran = desk.bot("run", "--once")
    queue, listed = desk.together(["queue"], ["queue", "--json"])
    doctor = desk.bot("doctor")

    assert (ran.code, queue.code, doctor.code, listed.code) == (1, 1, 1, 1)
    assert desk.texts("x") == ["Signed out."]
    assert desk.texts("facebook") == []
    assert [row["state"] for row in listed.json] == ["waiting"]
    assert "WRONG  Facebook: " in doctor.out
    assert "a-wrong-token" not in _texts(ran, queue, doctor)
    assert UGLY.search(_texts(ran, queue, doctor)) is None


def test_an_unreachable_platform_leaves_the_post_waiting_for_the_next_try(desk: Desk) -> None:
    """Nobody was reached, so nothing is in doubt and the post is tried again."""
    desk.env["X_API_URL"] = "http://127.0.0.1:9/x"
    desk.write("a.md", "Nobody there.", at="now", to="x")
    desk.once()
    row = desk.queue()[0]
    checked = desk.bot("accounts", "check", "x")

    assert row["state"] == "waiting"
    assert row["not_before"] > row["due_at"]
    assert checked.code == 1
    assert UGLY.search(_texts(checked)) is None


def test_a_database_from_a_newer_version_is_refused_and_not_touched(desk: Desk) -> None:
    """An older bot must not write into what it does not understand."""
    desk.opened().store.close()
    file = desk.folder / "var" / "bot.db"
    with sqlite3.connect(file) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    ran = desk.together(["init"], ["doctor"])

    assert [one.code for one in ran] == [1, 1]
    assert all("made by a newer version of the bot" in one.out + one.err for one in ran)


def test_a_full_disk_is_told_and_nothing_half_done_stays(desk: Desk) -> None:
    """The database may not grow: adding fails in words and queues nothing."""
    desk.opened().store.close()
    file = desk.folder / "var" / "bot.db"
    hook = desk.folder / "sitecustomize.py"
    hook.write_text(
        "import sqlite3\n"
        "real = sqlite3.connect\n"
        "def connect(*args, **options):\n"
        "    made = real(*args, **options)\n"
        "    pages = made.execute('PRAGMA page_count').fetchone()[0]\n"
        "    made.execute(f'PRAGMA max_page_count={pages}')\n"
        "    return made\n"
        "sqlite3.connect = sqlite3.dbapi2.connect = connect\n",
        encoding="utf-8",
    )
    path = desk.write("a.md", f"Long words. {'Solidarity with all. ' * 2000}", to="facebook")
    desk.env["PYTHONPATH"] = f"{desk.folder}{os.pathsep}{desk.env['PYTHONPATH']}"
    added = desk.bot("add", str(path))
    hook.unlink()

    assert file.exists()
    assert (added.code, added.err) == (
        1,
        "The disk is full. Nothing was changed. Free some space.\n",
    )
    assert desk.queue() == []


def test_bot_run_sends_on_time_refuses_a_second_one_and_ends_cleanly(desk: Desk) -> None:
    """The heartbeat finds the file by itself; SIGTERM ends it with exit 0."""
    running = desk.start("run")
    try:
        desk.write("a.md", "By the heartbeat.", at="now", to="x")
        until = time.monotonic() + 30
        while not desk.texts("x") and time.monotonic() < until:
            time.sleep(0.05)
        second, home = desk.together(["run"], [])
    finally:
        running.send_signal(signal.SIGTERM)
        out, _err = running.communicate(timeout=30)

    assert desk.texts("x") == ["By the heartbeat."]
    assert second.code == 1
    assert f"process {running.pid} on " in second.err
    assert "Running: It runs" in home.out
    assert running.returncode == 0
    assert out.splitlines()[0] == "The bot runs. Stop with Ctrl-C. In another window: bot queue"
    assert out.splitlines()[-1].startswith("Stopped.")


def test_a_pipe_gets_no_escape_codes_and_a_reader_that_leaves_is_no_error(desk: Desk) -> None:
    """Output that is not a terminal's is plain; `bot log | head` prints no complaint."""
    desk.write("a.md", "Plain output.", at="now")
    desk.once()
    ran = desk.together(["queue"], ["log"], ["show", "P1"])
    shell = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m bot log --format csv | true"],
        cwd=desk.folder,
        env=desk.env,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert ESCAPE not in _texts(*ran)
    assert UGLY.search(_texts(*ran)) is None
    assert (shell.returncode, shell.stderr) == (0, "")


def test_planted_secrets_appear_nowhere(desk: Desk) -> None:
    """Not in output, errors, the log, or the database, even when a platform repeats the token."""
    secrets = [
        value for name, value in desk.env.items() if name.endswith(("KEY", "SECRET", "TOKEN"))
    ]
    desk.env["LOG_FORMAT"] = "json"
    desk.env["BOT_DEBUG"] = "1"
    desk.sandbox.fault("facebook", "graph_error", message=f"Bad {desk.env['FACEBOOK_PAGE_TOKEN']}")
    desk.sandbox.fault("x", "problem", detail=f"Bad {desk.env['X_ACCESS_TOKEN']}", status=403)
    desk.write("a.md", "Canary.", at="now")
    ran = [desk.bot("run", "--once")]
    ran += desk.together(["queue"], ["show", "P1"], ["doctor", "--json"])
    with sqlite3.connect(desk.folder / "var" / "bot.db") as database:
        dump = "\n".join(database.iterdump())
    database.close()

    assert len(secrets) >= 5
    assert [secret for secret in secrets if secret in _texts(*ran)] == []
    assert [secret for secret in secrets if secret in dump] == []


def test_a_wrong_setting_is_named_without_its_value(desk: Desk) -> None:
    """Every mistake at once; the slip of a name in .env is pointed out."""
    desk.env["X_API_URL"] = "ftp://secret-value"
    desk.env["SEND_THREADS"] = "lots-of-them"
    wrong = desk.bot("queue")
    del desk.env["X_API_URL"], desk.env["SEND_THREADS"]
    Path(desk.folder / ".env").write_text("X_API_KEE=abc\n", encoding="utf-8")
    slip = desk.bot("init")

    assert wrong.code == 2
    assert "X_API_URL" in wrong.err
    assert "SEND_THREADS" in wrong.err
    assert "secret-value" not in wrong.err
    assert "lots-of-them" not in wrong.err
    assert "X_API_KEE is no setting of the bot. Did you mean X_API_KEY?" in slip.out


def test_the_sandbox_prints_settings_that_work_and_ends_cleanly(desk: Desk) -> None:
    """Its lines can be copied into .env as they stand; another's .env is not read."""
    (desk.folder / ".env").write_text("SEND_THREADS=nonsense\n", encoding="utf-8")
    running = desk.start("sandbox", "--port", "0", "--seed", "7")
    lines: list[str] = []
    assert running.stdout is not None
    while not lines or not lines[-1].startswith("Stop with"):
        lines.append(running.stdout.readline().rstrip("\n"))
    copied = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    (desk.folder / ".env").unlink()
    desk.env |= copied
    desk.opened().store.close()
    checked = desk.bot("accounts", "check")
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=30)

    assert set(copied) > set(desk.sandbox.settings())
    assert checked.code == 0
    assert "X: Signed in as" in checked.out
    assert "Facebook: Signed in as" in checked.out
    assert (running.returncode, err) == (0, "")
    assert out == "The simulated platforms have stopped.\n"
