"""All workers send; one of them does what is a waste to do twice."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot import worker
from bot.store import workers
from bot.worker import Heartbeat


@pytest.fixture
def three(world):
    """Workers in the order in which they were started."""
    beating = [Heartbeat(SimpleNamespace(store=world.store, clock=world.clock)) for _ in range(3)]
    for one in beating:
        one._worker_id = world.worker()
    return beating


def leading(beating):
    for one in beating:
        one._see_who_leads()
    return [one._leads() for one in beating]


def change(world, act, one, ago):
    with world.store.write() as session:
        act(session, one._worker_id, world.store.lease_now(session) - ago)


def test_the_one_that_has_run_longest_leads_and_the_next_takes_over(world, three):
    """When it stops, and when it is missed; back again, it leads again."""
    assert [True, False, False] == leading(three)
    change(world, workers.end, three[0], timedelta(0))
    assert [True, False] == leading(three[1:])
    change(world, workers.seen, three[1], workers.DEAD_AFTER + timedelta(seconds=1))
    assert [True] == leading(three[2:])
    change(world, workers.seen, three[1], timedelta(0))
    assert [True, False] == leading(three[1:])


def test_who_led_and_stood_still_asks_before_it_does_anything(three, monkeypatch):
    """Another has taken over meanwhile."""
    done = []
    tick = three[0]._when_leading(lambda: done.append("planned"))
    three[0]._see_who_leads()
    tick()
    later = worker.monotonic() + worker.LEADS_FOR_SECONDS
    monkeypatch.setattr(worker, "monotonic", lambda: later)
    tick()

    assert ["planned"] == done
