"""A seeded year, made once for all tests that only read it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import busyyear
import pytest
from world import QUICK_DISK, HandClock

from bot.store import schema
from bot.store.engine import Store


@pytest.fixture(scope="session")
def year() -> Iterator[Store]:
    """A database of its own with a busy year in it."""
    with tempfile.TemporaryDirectory(prefix="bot-year-", dir=QUICK_DISK) as folder:
        store = Store(f"sqlite:///{Path(folder)}/bot.db", HandClock(busyyear.NOW))
        schema.upgrade(store)
        busyyear.fill(store, seed=7)
        yield store
        store.close()
