"""The bot did not run for hours or days: nothing is flushed, what was missed is listed."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from faults.scoreboard import record
from world import LONDON

from bot.model.delivery import State

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TYPED_EVERY = timedelta(minutes=45)


def live(world, length, step=10 * MINUTE):
    """Beat as the heartbeat does, less often."""
    end = world.clock() + length
    while world.clock() < end:
        world.planner.plan_due()
        world.send_due()
        world.clock.now += step


def typed_at(world, moment):
    local: datetime = moment.astimezone(LONDON).replace(tzinfo=None)
    return world.queue(at=local)


def times_out(world):
    return [post.at for post in world.x.ledger]


@pytest.mark.parametrize("outage", [3 * HOUR, 72 * HOUR])
def test_typed_posts_that_were_missed_are_listed_and_none_are_flushed(world, outage):
    """What is within its time goes out in the usual distance, the rest waits for a person."""
    began = world.clock()
    ids = [typed_at(world, began + n * TYPED_EVERY) for n in range(int(outage / TYPED_EVERY) + 6)]
    live(world, HOUR)
    before = len(world.x.ledger)
    world.clock.now += outage
    back = world.clock()
    live(world, 7 * HOUR)
    rows = [world.row(delivery_id) for delivery_id in ids]
    missed = [row for row in rows if row.holds == {"missed"}]
    after = times_out(world)[before:]
    record(
        f"stopped for {outage / HOUR:.0f} hours",
        14,
        trials=len(rows),
        copies=len(world.x.ledger) - len(set(world.x.texts())),
        lost=sum(row.state != State.SENT and not row.is_trouble for row in rows),
        shown=len(missed),
        seconds=(after[0] - back).total_seconds(),
    )

    assert {"sent", "held"} >= {row.state for row in rows}
    assert len(rows) == len(missed) + len(set(world.x.texts()))
    assert bool(missed) == (outage > world.limits.too_late)
    assert all(row.reason and row.due_at for row in missed)
    assert back == after[0]
    spacing = world.limits.spacing
    late = [row.sent_at for row in rows if row.sent_at and row.sent_at - row.due_at > spacing]
    assert len(late) >= 2
    assert all(later - sooner >= spacing for sooner, later in pairwise(sorted(late)))


@pytest.mark.parametrize("outage", [3 * HOUR, 72 * HOUR])
def test_posts_without_a_typed_time_go_on_one_in_each_slot(world, outage):
    """The Slots that went by are given up, and the queue keeps its order and its rhythm."""
    ids = [world.queue(timing="next") for _ in range(8)]
    live(world, HOUR)
    before = len(world.x.ledger)
    world.clock.now += outage
    back = world.clock()
    live(world, 72 * HOUR, 30 * MINUTE)
    rows = [world.row(delivery_id) for delivery_id in ids]
    after = times_out(world)[before:]
    record(
        f"stopped for {outage / HOUR:.0f} hours",
        14,
        trials=len(rows),
        copies=len(world.x.ledger) - len(set(world.x.texts())),
        lost=sum(row.state != State.SENT for row in rows),
        shown=0,
        seconds=None,
    )

    assert {"sent"} == {row.state for row in rows}
    assert [row.sent_at for row in rows] == sorted(row.sent_at for row in rows)
    assert len(world.x.ledger) == len(set(world.x.texts())) == len(rows)
    assert all(later - sooner >= 2 * HOUR for sooner, later in pairwise(after))
    assert after[0] >= back
