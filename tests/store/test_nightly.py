"""The copies of each night: when, how many, what is set aside, and what a failure costs."""

import os
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.errors import StoreError
from bot.flow import backingup
from bot.settings import Settings
from bot.store import backup, nightly, schema
from bot.store.engine import Store
from bot.worker import Heartbeat

ZONE = ZoneInfo("Europe/London")
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path, clock):
    """A bot with a database and nothing else, which keeps two copies."""
    store = Store(f"sqlite:///{tmp_path}/bot.db", clock)
    schema.upgrade(store)
    settings = Settings(backup_keep=2)
    yield SimpleNamespace(store=store, clock=clock, settings=settings)
    store.close()


def copies(bot: Any) -> list[str]:
    folder = nightly.folder_of(bot.store.path)
    return sorted(path.name for path in folder.glob("*")) if folder.is_dir() else []


@pytest.mark.parametrize(
    ("hours_old", "local", "due"),
    [
        (None, 12, True),
        (1, 4, False),
        (23, 4, True),
        (23, 12, False),
        (27, 12, True),
        (19, 3, False),
    ],
)
def test_a_copy_is_due_each_night_or_by_day_where_the_night_brought_none(
    tmp_path, hours_old, local, due
):
    """A laptop that sleeps at night has its copies too."""
    now = NOON.replace(hour=local)
    if hours_old is not None:
        made = now.timestamp() - hours_old * 3600
        path = nightly.made_folder(tmp_path / "bot.db") / "bot-20261101-030000.db"
        path.touch()
        os.utime(path, (made, made))
    assert due is nightly.is_due(tmp_path / "bot.db", now, ZONE)


def test_the_newest_stay_and_what_was_set_aside_goes_after_a_month(kept):
    """So nothing that was forgotten lives on in a copy."""
    kept.clock.now = NOON.replace(hour=4)
    beside = kept.store.path.with_name("bot.before-restore-20261101-120000.db")
    young = kept.store.path.with_name("bot.before-restore-20261130-120000.db")
    for path, days in ((beside, 31), (beside.with_name(f"{beside.name}-wal"), 31), (young, 1)):
        path.touch()
        old = (kept.clock() - timedelta(days=days)).timestamp()
        os.utime(path, (old, old))
    for _ in range(4):
        made = backingup.back_up_due(kept)
        assert made is not None
        assert schema.HEAD == backup.check(made).revision
        assert backingup.back_up_due(kept) is None
        kept.clock.move(days=1)

    assert ["bot-20261203-040000.db", "bot-20261204-040000.db"] == copies(kept)
    assert [young] == list(kept.store.path.parent.glob("*before-restore*"))


def test_none_is_made_where_none_is_wanted(kept):
    """BACKUP_KEEP=0, for who copies by other means."""
    kept.settings = Settings(backup_keep=0)
    assert backingup.back_up_due(kept) is None
    assert [] == copies(kept)


def test_the_heartbeat_copies_and_after_a_failure_waits_an_hour(kept, monkeypatch):
    """Old copies stay when there is no new one; the trouble is said by the tick."""
    heart = Heartbeat(kept)
    heart._backs_up_from = kept.clock() + timedelta(minutes=10)
    heart._back_up()
    assert [] == copies(kept)
    kept.clock.move(minutes=10)
    heart._back_up()
    assert 1 == len(copies(kept))

    def full(*_given):
        raise StoreError(backup.DISK_IS_FULL)

    kept.clock.move(days=2)
    with monkeypatch.context() as broken:
        broken.setattr(backup, "take", full)
        with pytest.raises(StoreError, match="disk is full"):
            heart._back_up()
        kept.clock.move(minutes=50)
        heart._back_up()
    assert 1 == len(copies(kept))
    kept.clock.move(minutes=11)
    heart._back_up()
    assert 2 == len(copies(kept))
