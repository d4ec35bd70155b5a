"""A bot whose accounts are connected from a page, on simulated platforms of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from world import HandClock

from bot import wiring
from bot.accounts.vault import new_key
from bot.sandbox import Sandbox
from bot.settings import load
from bot.wiring import Bot

OWN = ("X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET", "FACEBOOK_PAGE_ID", "FACEBOOK_PAGE_TOKEN")
Open = Callable[..., Bot]


@pytest.fixture
def sandbox(clock: HandClock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def key() -> str:
    """A key for ENCRYPTION_KEYS."""
    return new_key()


@pytest.fixture
def open_bot(tmp_path: Path, sandbox: Sandbox, clock: HandClock, key: str) -> Iterator[Open]:
    """Open a bot on one database: with the apps' keys, an encryption key, and no account's own."""
    opened: list[Bot] = []

    def open_one(**changed: str) -> Bot:
        given = {name: value for name, value in sandbox.settings().items() if name not in OWN}
        given |= {
            "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
            "POSTS_DIR": str(tmp_path / "posts"),
            "ENCRYPTION_KEYS": key,
            "SEND_TIMEOUT_SECONDS": "5",
        }
        bot = wiring.build(load({**given, **changed}, None), clock, create=True)
        opened.append(bot)
        return bot

    yield open_one
    for bot in opened:
        bot.store.close()


@pytest.fixture
def bot(open_bot: Open) -> Bot:
    return open_bot()
