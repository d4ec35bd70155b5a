"""The command in this process, on a database of its own; no Platform is asked anything."""

import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result

from bot.cli.group import cli
from bot.store.engine import Store

SETTINGS = {
    "X_API_URL": "http://127.0.0.1:9/x",
    "X_API_KEY": "key-of-the-test",
    "X_API_SECRET": "secret-of-the-test",
    "X_ACCESS_TOKEN": "123456789-token-of-the-test",
    "X_ACCESS_TOKEN_SECRET": "token-secret-of-the-test",
    "FACEBOOK_GRAPH_URL": "http://127.0.0.1:9/graph",
    "FACEBOOK_PAGE_ID": "987654321",
    "FACEBOOK_PAGE_TOKEN": "page-token-of-the-test",
}


@dataclass
class Ran:
    """How one command ended."""

    result: Result

    @property
    def code(self) -> int:
        return self.result.exit_code

    @property
    def out(self) -> str:
        return self.result.stdout

    @property
    def err(self) -> str:
        return self.result.stderr

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Bot = Callable[..., Ran]


def letting_go(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """Each command then lets go of the database at its end, as a process does."""
    opened: list[Store] = []
    begin = Store.__init__

    def noted(self: Store, *words: Any) -> None:
        begin(self, *words)
        opened.append(self)

    monkeypatch.setattr(Store, "__init__", noted)

    def run(*words: str) -> Ran:
        ran = bot(*words)
        while opened:
            opened.pop().close()
        return ran

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the command runs in, with nothing from the real environment."""
    (tmp_path / "posts").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("X_", "FACEBOOK_", "BOT_", "DATABASE_", "POSTS_", "IMPRINT_")):
            monkeypatch.delenv(name)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def bot(folder: Path) -> Iterator[Bot]:
    """Run one command."""

    def run(*words: str) -> Ran:
        return Ran(CliRunner().invoke(cli, list(words), prog_name="bot"))

    yield run
    structlog.reset_defaults()
    logging.shutdown()


@pytest.fixture
def write(folder: Path) -> Callable[..., Path]:
    """A post file in the posts folder."""

    def made(name: str, text: str, **front: str) -> Path:
        settings = "".join(f"{key}: {value}\n" for key, value in front.items())
        path = folder / "posts" / name
        path.write_text(f"---\n{settings}---\n{text}\n", encoding="utf-8")
        return path

    return made
