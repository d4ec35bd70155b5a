"""Views stay as quick as their year is, whatever lies behind it: by work done, not by the clock."""

import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from world import NOON, QUICK_DISK, HandClock

from bench import engagement_history as history
from bot.model.engagement import Snapshot, Tally
from bot.reports.figures import counted
from bot.store import schema, tallies
from bot.store.engine import Session, Store
from bot.store.figures import Asked

SMALL, LARGE = history.SIZES[:2]
YEAR = Asked(since=NOON - timedelta(days=365))
STEPS = 1_000


@pytest.fixture(scope="module")
def stores() -> Iterator[dict[history.Size, Store]]:
    """Databases of 10 and of 100 thousand Snapshots."""
    with tempfile.TemporaryDirectory(prefix="bot-scale-", dir=QUICK_DISK) as folder:
        found = {
            size: Store(f"sqlite:///{Path(folder)}/{size.posts}.db", HandClock())
            for size in (SMALL, LARGE)
        }
        for size, store in found.items():
            schema.upgrade(store)
            history.write(store, size, NOON)
        yield found
        for store in found.values():
            store.close()


def steps(session: Session, age: int) -> tuple[int, int]:
    """Posts read, and thousands of steps the database made for them."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    made = [0]

    def count() -> int:
        made[0] += 1
        return 0

    connection.set_progress_handler(count, STEPS)
    posts = counted.read(session, YEAR, ZoneInfo("UTC"), (age,), labelled=True)
    connection.set_progress_handler(None, 0)
    return len(posts), made[0]


@pytest.mark.parametrize("age", [0, 24, 168])
def test_a_year_costs_the_same_with_ten_times_the_snapshots(
    stores: dict[history.Size, Store], age: int
) -> None:
    """Ten years instead of one."""
    with stores[SMALL].read() as small, stores[LARGE].read() as large:
        few, little = steps(small, age)
        many, much = steps(large, age)

    assert few == many > 1_000
    assert 0 < much <= little * 1.5


def test_the_tallies_of_the_history_are_those_the_bot_keeps(
    stores: dict[history.Size, Store],
) -> None:
    """Replayed for some posts, so that what is timed is what there would be."""
    columns = [one.name for one in Tally.__table__.columns if one.name != "id"]
    query = select(*(Tally.__table__.c[name] for name in columns)).order_by(Tally.age_hours)
    for store in stores.values():
        with store.write() as session:
            for part_id in (2, 333, 1251):
                mine = query.where(Tally.part_id == part_id)
                written = session.execute(mine).all()
                session.execute(Tally.__table__.delete().where(Tally.part_id == part_id))
                for row in session.scalars(select(Snapshot).where(Snapshot.part_id == part_id)):
                    counts = {name: getattr(row, name) for name in columns[3:]}
                    tallies.keep(session, part_id, row.taken_at, counts)
                session.flush()
                assert written == session.execute(mine).all()
                assert len(written) == 3
