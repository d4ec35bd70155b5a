"""The heartbeat itself: what it does when the database fails it, and what it does first."""

from types import SimpleNamespace

import pytest

from bot.errors import StoreError
from bot.model.delivery import Worker
from bot.store import workers
from bot.worker import Heartbeat


@pytest.fixture
def heartbeat(world):
    """A heartbeat on the rooms of this test, its ticks made by hand."""
    bot = SimpleNamespace(
        settings=SimpleNamespace(send_threads=2),
        clock=world.clock,
        store=world.store,
        deliverer=world.deliverer,
        confirmer=world.confirmer,
        watch=world.watch,
    )
    beating = Heartbeat(bot)
    beating._worker_id = world.worker()
    beating._see_who_leads()
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


def test_a_worker_of_this_machine_whose_process_is_gone_holds_nothing_back(world):
    """Its claims are free at once; those of a living one, and of other machines, are not."""
    running, gone, elsewhere = (world.worker() for _ in range(3))
    with world.store.write() as session:
        for worker_id, pid, host in (
            (running, 10, "here"),
            (gone, 11, "here"),
            (elsewhere, 11, ""),
        ):
            worker = session.get(Worker, worker_id)
            worker.pid, worker.host = pid, host
    claimed = [world.queue(to=(name,)) for name in ("x", "facebook")]
    world.claim(claimed[0], worker_id=gone)
    world.claim(claimed[1], worker_id=running)
    mine = world.worker()
    with world.store.write() as session:
        now = world.store.lease_now(session)
        assert 1 == workers.bury(session, "here", mine, lambda pid: pid == 10, now)

    assert 1 == world.confirmer.free_left_by_dead()
    assert ["waiting", "sending"] == [world.state(delivery_id) for delivery_id in claimed]


def test_a_worker_taken_for_dead_lives_again_with_its_next_sign(world):
    """Two containers may think they are one machine."""
    taken_for_dead = world.worker()
    with world.store.write() as session:
        now = world.store.lease_now(session)
        workers.bury(session, "here", world.worker(), lambda pid: False, now)
        workers.seen(session, taken_for_dead, now)
        assert session.get(Worker, taken_for_dead, populate_existing=True).stopped_at is None
