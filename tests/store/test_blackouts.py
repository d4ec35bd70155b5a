"""Which quiet time covers what, asked of both databases."""

from datetime import timedelta

import pytest

from bot.model.account import Blackout
from bot.store import blackouts, deliveries

HOUR = timedelta(hours=1)


def black_out(world, starts_in, ends_in, account_id=None):
    with world.store.write() as session:
        now = world.clock()
        row = Blackout(
            account_id=account_id,
            starts_at=now + starts_in,
            ends_at=now + ends_in,
            reason="why",
            actor="ana",
        )
        session.add(row)
        session.flush()
        return row.id


@pytest.mark.parametrize(
    ("due_in", "starts_in", "ends_in", "is_over"),
    [
        (HOUR, HOUR, 2 * HOUR, True),
        (2 * HOUR, HOUR, 2 * HOUR, False),
        (HOUR, -HOUR, 2 * HOUR, True),
        (3 * HOUR, -HOUR, 2 * HOUR, False),
        (-HOUR, -HOUR / 2, HOUR, True),
        (-2 * HOUR, -3 * HOUR, -HOUR, False),
        (-2 * HOUR, HOUR, 2 * HOUR, False),
    ],
)
def test_a_time_inside_is_covered_and_so_is_what_is_late_already(
    world, due_in, starts_in, ends_in, is_over
):
    """Its first moment belongs to it, its last does not; one that has ended covers nothing."""
    delivery_id = world.queue()
    world.change(delivery_id, due_at=world.clock() + due_in)
    blackout_id = black_out(world, starts_in, ends_in)
    with world.store.read() as session:
        found = blackouts.over(session, deliveries.get(session, delivery_id), world.clock())
        caught = list(blackouts.caught(session, world.clock()))

    assert (blackout_id if is_over else None) == (found and found.id)
    assert caught == ([delivery_id] if is_over else [])


def test_another_account_s_or_one_taken_back_covers_nothing_and_the_longest_is_named(world):
    """Of those that stand, the one that lets go last."""
    delivery_id = world.queue()
    black_out(world, -HOUR, 9 * HOUR, world.ids["facebook"])
    taken_back = black_out(world, -HOUR, 9 * HOUR)
    black_out(world, -HOUR, HOUR)
    longest = black_out(world, -HOUR, 2 * HOUR, world.ids["x"])
    with world.store.write() as session:
        blackouts.get(session, taken_back).removed_at = world.clock()
    with world.store.read() as session:
        found = blackouts.over(session, deliveries.get(session, delivery_id), world.clock())
        standing = [row.id for row in blackouts.standing(session, world.clock())]

    assert longest == found.id
    assert taken_back not in standing
    assert 3 == len(standing)


def test_what_is_held_for_it_over_or_answered_elsewhere_is_not_caught(world):
    """Each of them has its way out already."""
    black_out(world, -HOUR, HOUR)
    ids = [world.queue() for _ in range(5)]
    for row_id, hold in zip(
        ids, ("blackout", "missed", "in doubt", "approval,missed"), strict=False
    ):
        world.change(row_id, state="held", holds=frozenset(hold.split(",")))
    world.change(ids[4], state="sent")
    with world.store.read() as session:
        assert [] == list(blackouts.caught(session, world.clock()))
