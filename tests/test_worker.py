"""The heartbeat itself: what it does when the database fails it, and what it does first."""

from types import SimpleNamespace

import pytest

from bot.errors import StoreError
from bot.worker import Heartbeat


@pytest.fixture
def heartbeat(world):
    """A heartbeat on the rooms of this test, its ticks made by hand."""
    bot = SimpleNamespace(deliverer=world.deliverer, confirmer=world.confirmer)
    beating = Heartbeat(bot)
    beating._worker_id = world.worker()
    beating.sweep = lambda: None
    return beating


def test_what_the_database_refused_to_take_down_is_looked_up_without_waiting_for_its_lease(
    world, heartbeat, monkeypatch
):
    """It may be out, and nobody carries it any more."""
    delivery_id = world.queue()

    def fail(*_given):
        raise StoreError("The disk is full.")

    with monkeypatch.context() as full:
        full.setattr("bot.delivery.outcomes.record", fail)
        heartbeat._deliver(delivery_id)
        assert "sending" == world.state(delivery_id)
    heartbeat._confirm()

    assert "sent" == world.state(delivery_id)
    assert 1 == world.x.requests


def test_a_database_that_still_fails_is_asked_again(world, heartbeat, monkeypatch):
    """Nothing is forgotten meanwhile."""
    delivery_id = world.queue()
    heartbeat._dropped.add(delivery_id)
    world.claim(delivery_id, worker_id=heartbeat._worker_id)

    def fail(*_given):
        raise StoreError("The disk is full.")

    with monkeypatch.context() as full:
        full.setattr("bot.delivery.confirm.claims.open_attempt", fail)
        heartbeat._guarded("confirm", heartbeat._confirm)()
    assert "sending" == world.state(delivery_id)
    heartbeat._guarded("confirm", heartbeat._confirm)()

    assert "waiting" == world.state(delivery_id)


def test_what_another_worker_holds_is_not_let_go(world, heartbeat):
    """It took over what this one had dropped."""
    delivery_id = world.queue()
    heartbeat._dropped.add(delivery_id)
    world.claim(delivery_id, worker_id=world.worker())
    heartbeat._confirm()

    assert "sending" == world.state(delivery_id)


def test_the_first_look_does_not_wait_for_its_time_and_the_next_ones_do(world, heartbeat):
    """What a stop left in doubt comes first; after that X is not asked every second."""
    delivery_id = world.queue()
    world.claim(delivery_id)
    world.begin(delivery_id)
    world.expire_leases()
    for _ in range(3):
        heartbeat._confirm()

    assert 1 == world.x.looks
    assert "unconfirmed" == world.state(delivery_id)
