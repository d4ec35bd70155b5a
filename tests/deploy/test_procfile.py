"""The commands of the Procfile, really run: on PostgreSQL, as a host runs them."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, make_url, text
from world import make_database

from bot.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
SECRETS = ("a secret of tests, long enough to sign with 0123456789", "a-token-for-prometheus")


@pytest.fixture(autouse=True)
def loopback_sockets(socket_enabled: None) -> None:
    """The sandbox and the pages are asked over sockets."""


class Host:
    """Reads the Procfile, sets PORT and DATABASE_URL, and starts what it is asked to."""

    def __init__(self, folder: Path, sandbox: Sandbox, database: str) -> None:
        lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
        self.commands = dict(line.split(": ", 1) for line in lines)
        self.engine = create_engine(make_url(database).set(drivername="postgresql+psycopg"))
        self.port = free_port()
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "bin/python").symlink_to(sys.executable)
        self.env = {
            "PATH": str(folder / "bin"),
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path[1:])),
            **sandbox.settings(),
            "DATABASE_URL": make_url(database).set(drivername="postgres").render_as_string(False),
            "PORT": str(self.port),
            "POSTS_DIR": str(folder / "posts"),
            "PUBLIC_URL": "https://campaign.example.org",
            "SECRET_KEY": SECRETS[0],
            "METRICS_TOKEN": SECRETS[1],
            "IMPRINT_MODE": "never",
            "LOG_FORMAT": "json",
        }
        self.started: list[subprocess.Popen[str]] = []

    def start(self, name: str) -> "subprocess.Popen[str]":
        """All it says goes to one file, as on such hosts."""
        with (self.folder / f"{name}.log").open("a") as said:
            process = subprocess.Popen(
                shlex.split(self.commands[name]),
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self.started.append(process)
        return process

    def ready(self) -> tuple[int, str]:
        try:
            answer = requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5)
        except requests.ConnectionError:
            return 0, ""
        return answer.status_code, answer.text.strip()

    def figures(self) -> str:
        headers = {"Authorization": f"Bearer {SECRETS[1]}"}
        return requests.get(
            f"http://127.0.0.1:{self.port}/metrics", headers=headers, timeout=5
        ).text

    def sign_in(self) -> int:
        """Somebody tries to come in; the status of the answer."""
        url = f"http://127.0.0.1:{self.port}/login"
        page = requests.get(url, timeout=5)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert token
        # The cookie is for https alone, which on a host the router speaks.
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        typed = {"email": "a@example.org", "password": "a", "csrf_token": token[1]}
        return requests.post(url, typed, headers={"Cookie": cookie}, timeout=5).status_code

    def change(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement))

    def end(self) -> None:
        for process in self.started:
            process.kill()
            process.wait()
        self.engine.dispose()


@pytest.fixture
def host(
    tmp_path: Path, postgres_server: Callable[[str | None], str]
) -> Iterator[tuple[Host, Sandbox]]:
    make_database(postgres_server, "procfile")
    with Sandbox() as sandbox:
        made = Host(tmp_path, sandbox, postgres_server("procfile"))
        (tmp_path / "posts").mkdir()
        yield made, sandbox
        made.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: Callable[[], bool]) -> None:
    """Wait for it, not for a time."""
    over = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < over, "it did not come about"
        time.sleep(0.1)


def test_released_started_killed_and_back(host: tuple[Host, Sandbox]) -> None:
    """A post goes out; whoever asks whether it is ready is told the truth all the way."""
    at, sandbox = host
    assert 0 == at.start("release").wait(SECONDS)
    post = at.folder / "posts/a.md"
    post.write_text("---\nat: now\nto: x\n---\nFrom a host.\n", encoding="utf-8")
    os.utime(post, (post.stat().st_mtime - 10,) * 2)
    web, worker = at.start("web"), at.start("worker")
    until(lambda: at.ready() == (200, "Ready."))
    until(lambda: ["From a host."] == [one.text for one in sandbox.ledger.posts("x")])
    until(lambda: 'campaign_bot_deliveries{state="sent"} 1' in at.figures())

    # Each then meets an error of its own, which nobody foresaw, and goes on.
    at.change("ALTER TABLE person RENAME TO nobody; ALTER TABLE feed RENAME TO nothing")
    odd = at.sign_in()
    until(lambda: "exception" in (at.folder / "worker.log").read_text())
    at.change("ALTER TABLE nobody RENAME TO person; ALTER TABLE nothing RENAME TO feed")
    worker.kill()
    worker.wait()
    # As if three minutes had gone by.
    at.change("UPDATE worker SET seen_at = seen_at - interval '3 minutes'")
    until(lambda: at.ready() == (503, "What sends posts gave no sign of life for two minutes."))
    again = at.start("worker")
    until(lambda: at.ready() == (200, "Ready."))
    for process in (web, again):
        process.send_signal(signal.SIGTERM)

    assert (500, [0, 0]) == (odd, [one.wait(SECONDS) for one in (web, again)])
    assert ["From a host."] == [one.text for one in sandbox.ledger.posts("x")]
    told = [line for name in ("web", "worker") for line in lines(at, name)]
    assert all({"time", "level", "event"} <= set(one) for one in told)
    assert {"Traceback"} == {one["exception"][:9] for one in told if "exception" in one}
    assert len([one for one in told if "exception" in one]) >= 2
    assert {"started", "page failed", "stopped"} <= {one["event"] for one in told}
    assert not [secret for secret in SECRETS if secret in json.dumps(told)]


def lines(at: Host, name: str) -> list[dict[str, str]]:
    """Every line it wrote, each of which is JSON."""
    text = (at.folder / f"{name}.log").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]
