"""Whether the bot runs, for what must not happen while it does."""

from datetime import timedelta

import pytest

from bot.errors import NotAllowed
from bot.store import workers
from bot.store.stopped import refuse_running, while_stopped


@pytest.fixture
def crew(store):
    """Two Workers that show life by the database's clock, the older one first."""
    with store.write() as session:
        now = store.lease_now(session)
        return [workers.begin(session, host=f"host {n}", pid=n, now=now) for n in (1, 2)]


def change(store, worker, **values):
    with store.write() as session:
        row = session.get_one(type(worker), worker.id)
        for name, value in values.items():
            setattr(row, name, value)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_any_worker_that_shows_life_is_in_the_way(store, crew):
    """Also when the one that started last has stopped."""
    older, newer = crew
    change(store, newer, stopped_at=newer.seen_at)

    with pytest.raises(NotAllowed, match=r"The new one .*host 1") as refused:
        refuse_running(store, "The new one")
    with pytest.raises(NotAllowed, match="this database"), while_stopped(store):
        pytest.fail("it runs")

    assert "Nothing was changed" in str(refused.value)
    change(store, older, seen_at=older.seen_at - 2 * workers.DEAD_AFTER)
    with while_stopped(store):
        pass


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_file_has_a_lock_that_says_it_better(store, crew):
    """Signs of life in a backup that was put back are nobody's."""
    change(store, crew[0], seen_at=crew[0].seen_at + timedelta(seconds=1))

    with while_stopped(store):
        pass
