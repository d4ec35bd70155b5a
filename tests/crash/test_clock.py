"""The clock of the machine jumps, between two beats or in the middle of a request."""

from collections import Counter
from datetime import timedelta

import pytest
from faults.scoreboard import record
from scripted_platform import Accept

from bot.model.delivery import State
from bot.platforms.contract import Unknown

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
JUMPS = [timedelta(days=-3), -HOUR, HOUR]
BEAT = 10 * MINUTE


def beat(world, times, length=BEAT):
    """Plan, look and send, again and again."""
    for _ in range(times):
        world.planner.plan_due()
        world.look()
        world.send_due()
        world.clock.now += length


def most_of_one(world):
    return max(Counter(world.x.texts()).values(), default=0)


def score(world, ids):
    rows = [world.row(delivery_id) for delivery_id in ids]
    lost = sum(row.state != State.SENT and not row.is_trouble for row in rows)
    shown = sum(row.is_trouble for row in rows)
    copies = len(world.x.ledger) - len(set(world.x.texts()))
    record("clock jumps", 12, trials=1, copies=copies, lost=lost, shown=shown, seconds=None)
    return copies, lost


@pytest.mark.parametrize("jump", JUMPS)
def test_a_jump_between_two_beats_repeats_nothing_and_loses_nothing(world, jump):
    """Typed times and Slots, some before and some after it."""
    began = world.clock()
    naive = began.replace(tzinfo=None)
    ids = [world.queue(at=naive + n * 20 * MINUTE) for n in range(6)]
    ids += [world.queue(timing="next") for _ in range(2)]
    beat(world, 4)
    before = len(world.x.ledger)
    world.clock.now += jump
    beat(world, 6)
    assert len(world.x.ledger) >= before
    world.clock.now = max(world.clock(), began + HOUR)
    beat(world, 12)
    beat(world, 48, HOUR / 2)

    assert (0, 0) == score(world, ids)
    assert 1 == most_of_one(world)


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("answer", [None, Unknown("The line went dead.")])
def test_a_jump_while_the_request_is_under_way_makes_no_copy(world, jump, answer):
    """The answer is kept; without one it is found on the timeline, which has its own clock."""
    delivery_id = world.queue()
    world.x.script.append(Accept(then=answer))
    real = world.clock.now
    world.x.on_send = lambda part: setattr(world.clock, "now", real + jump)
    world.send_due()
    world.x.on_send = None
    world.clock.now = real
    for seconds in (0, 15, 60, 300, 900, 3600):
        world.clock.now = max(world.clock.now, real + timedelta(seconds=seconds))
        world.look()
        world.send_due()

    assert (0, 0) == score(world, [delivery_id])
    assert 1 == len(world.x.ledger)


def test_a_jump_forward_of_days_sends_no_flood(world):
    """As after an outage: what is too late waits for a person, the rest keeps its distance."""
    naive = world.clock().replace(tzinfo=None)
    ids = [world.queue(at=naive + n * 15 * MINUTE) for n in range(20)]
    world.send_due()
    world.clock.now += timedelta(days=3)
    beat(world, 1)

    assert 1 == len(world.x.ledger)
    assert (0, 0) == score(world, ids)
    assert 19 == sum(world.row(delivery_id).holds == {"missed"} for delivery_id in ids)


def test_a_jump_back_leaves_no_claim_behind_once_the_bot_is_started_again(world):
    """Its lease ends in what is now the future; the holder of the only lock frees it at once."""
    delivery_id = world.queue()
    world.claim(delivery_id, worker_id=world.worker())
    world.clock.now -= timedelta(days=2)
    assert 0 == world.confirmer.free_expired()
    assert 1 == world.confirmer.free_left_by_others(world.worker())
    world.clock.now += timedelta(days=2)

    assert "waiting" == world.state(delivery_id)
    world.send_due()
    assert 1 == len(world.x.ledger)
