"""A heartbeat keeps what went wrong with itself until the database can be told."""

from pathlib import Path

import pytest

from bot import wiring
from bot.alerts import checks
from bot.errors import StoreError
from bot.settings import load
from bot.worker import Heartbeat


@pytest.fixture
def heartbeat(tmp_path: Path) -> Heartbeat:
    """One that has begun and does not beat by itself."""
    given = {"DATABASE_URL": f"sqlite:///{tmp_path}/bot.db", "POSTS_DIR": str(tmp_path)}
    beating = Heartbeat(wiring.build(load(given, None), create=True))
    beating._begin(alone=True)
    return beating


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreError("The disk is full."), "Sending what is due did not work. The disk is full."),
        (ValueError("odd"), "Sending what is due did not work. ValueError."),
    ],
)
def test_a_tick_that_fails_is_known_from_the_next_sign_of_life_on(
    heartbeat: Heartbeat, error: Exception, said: str
) -> None:
    """In words, once; a sign of life without trouble leaves it as it was."""
    bot = heartbeat.bot

    def fails() -> None:
        raise error

    def told() -> checks.Finding:
        return checks.own_trouble(bot.store, bot.clock(), bot.settings.zone)

    before = told()
    heartbeat._guarded("sweep", fails)()
    heartbeat._alive()
    after = told()
    heartbeat._alive()

    assert before.ok
    assert not after.ok
    assert after.says.startswith(said)
    assert after == told()
    bot.store.close()
