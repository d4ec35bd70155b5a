"""Two posts that take free times change places; typed times are never touched."""

from datetime import datetime

import pytest

from bot.decisions.reorder import reorder
from bot.errors import NotAllowed
from bot.store import deliveries


def queued(world, *texts, **front):
    made = [world.queue(text, **{"timing": "next", "at": None, **front}) for text in texts]
    world.planner.plan_due()
    return made


def times(world, ids):
    with world.store.read() as session:
        return [deliveries.get(session, key).due_at for key in ids]


def test_a_post_goes_before_the_one_that_was_before_it(world):
    """Each takes the other's slot, and both are recorded."""
    first, second, third = queued(world, "One march", "Two marches", "Three marches")
    before = times(world, [first, second, third])

    reorder(world.decider(), str(second), earlier=True)

    assert [before[1], before[0], before[2]] == times(world, [first, second, third])
    with world.store.read() as session:
        slots = {deliveries.get(session, key).slot_start for key in (first, second, third)}
    assert set(before) == slots


def test_the_first_cannot_go_earlier_nor_the_last_later(world):
    """There is nothing to change places with."""
    first, second = queued(world, "One march", "Two marches")

    with pytest.raises(NotAllowed, match="first of those"):
        reorder(world.decider(), str(first), earlier=True)
    with pytest.raises(NotAllowed, match="last of those"):
        reorder(world.decider(), str(second), earlier=False)


def test_a_typed_time_keeps_its_place(world):
    """Only a new time moves it."""
    (slot,) = queued(world, "One march")
    (typed,) = queued(world, "Two marches", timing="typed", at=datetime(2026, 12, 3, 9, 0))
    before = times(world, [slot, typed])

    with pytest.raises(NotAllowed, match="time of its own"):
        reorder(world.decider(), str(typed), earlier=True)
    with pytest.raises(NotAllowed):
        reorder(world.decider(), str(slot), earlier=False)
    assert before == times(world, [slot, typed])
