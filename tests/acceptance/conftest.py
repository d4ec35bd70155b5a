"""The real command as a subprocess, against the simulated platforms, in a folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot import flow, wiring
from bot.reports import queue
from bot.sandbox import Sandbox
from bot.settings import load
from bot.store import workers
from bot.wiring import Bot

SECONDS = 60
ROOT = str(Path(__file__).resolve().parents[2])


@dataclass
class Ran:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


@dataclass
class Desk:
    """A volunteer's desk: a folder, settings, and the command."""

    folder: Path
    sandbox: Sandbox
    env: dict[str, str]

    @property
    def posts(self) -> Path:
        return self.folder / "posts"

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start the command and leave it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def bot(self, *words: str) -> Ran:
        """Run the command to its end."""
        return self.together(words)[0]

    def together(self, *commands: Sequence[str]) -> list[Ran]:
        """Run commands that do not depend on each other at the same time."""
        started = [self.start(*words) for words in commands]
        said = [one.communicate(timeout=SECONDS) for one in started]
        return [Ran(one.returncode, *both) for one, both in zip(started, said, strict=True)]

    def write(self, name: str, text: str | bytes, **front: str) -> Path:
        """A post file in the posts folder, old enough to be taken at once."""
        path = self.posts / name
        if isinstance(text, str):
            settings = "".join(f"{key}: {value}\n" for key, value in front.items())
            text = (f"---\n{settings}---\n{text}\n" if settings else f"{text}\n").encode()
        path.write_bytes(text)
        settled = path.stat().st_mtime - 10
        os.utime(path, (settled, settled))
        return path

    def opened(self) -> Bot:
        """The same bot in this process, for what only prepares a test: a command costs half a
        second."""
        here = {"DATABASE_URL": f"sqlite:///{self.folder}/var/bot.db", "POSTS_DIR": str(self.posts)}
        return wiring.build(load({**self.env, **here}, None), create=True)

    def once(self) -> flow.Round:
        """What `bot run --once` does, in this process."""
        bot = self.opened()
        with bot.store.write() as session:
            worker = workers.begin(session, host="test", pid=os.getpid(), now=bot.clock())
        done = flow.once(bot, worker.id)
        with bot.store.write() as session:
            workers.end(session, worker.id, bot.clock())
        bot.store.close()
        return done

    def queue(self) -> list[dict[str, Any]]:
        """What `bot queue --json` prints, in this process."""
        bot = self.opened()
        with bot.store.read() as session:
            rows = queue.rows(session)
        bot.store.close()
        return rows

    def texts(self, platform: str) -> list[str]:
        """What that platform accepted, in order."""
        return [entry.text for entry in self.sandbox.ledger.posts(platform)]


@pytest.fixture(autouse=True)
def loopback_sockets(socket_enabled: None) -> None:
    """The sandbox runs in this process and is asked over sockets."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, sandbox: Sandbox) -> Desk:
    """A clean environment that points at the sandbox and counts and confirms at once."""
    (tmp_path / "posts").mkdir()
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH")))),
        **sandbox.settings(),
        "FETCH_ALLOW_HOSTS": "127.0.0.1",
        "COUNT_AFTER": "0s",
        "CONFIRM_AFTER": "0s,0s",
        "MIN_SPACING_MINUTES": "0",
    }
    return Desk(tmp_path, sandbox, env)
