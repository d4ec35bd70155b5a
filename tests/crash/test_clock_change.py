"""The nights on which London's clocks go forward and back, lived through beat by beat."""

from datetime import UTC, datetime, timedelta

import pytest
from faults.scoreboard import record
from world import LONDON

from bot.model.delivery import State

FORWARD, BACK = datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)
BEAT = timedelta(minutes=5)
TYPED = [timedelta(minutes=minutes) for minutes in range(0, 4 * 60, 30)]


def live_through(world, until):
    while world.clock() < until:
        world.planner.plan_due()
        world.look()
        world.send_due()
        world.clock.now += BEAT


@pytest.mark.parametrize("night", [FORWARD, BACK], ids=["spring", "autumn"])
def test_in_the_night_of_a_clock_change_each_post_goes_out_once_at_its_time(world, night):
    """Typed times that exist once, twice and not at all; and posts that take the next free time."""
    midnight = datetime(night.year, night.month, night.day)
    world.clock.now = night - timedelta(hours=2)
    typed = [world.queue(at=midnight + after) for after in TYPED]
    ids = [*typed, *(world.queue(timing="next") for _ in range(2))]
    due = {key: world.row(key).due_at for key in typed}
    live_through(world, night + timedelta(days=1))

    rows = {key: world.row(key) for key in ids}
    late = [rows[key].sent_at - due[key] for key in typed]
    copies = len(world.x.ledger) - len(set(world.x.texts()))
    lost = sum(row.state != State.SENT for row in rows.values())
    record(
        *("clock change in spring, autumn", 13),
        trials=len(ids),
        copies=copies,
        lost=lost,
        shown=0,
        seconds=max(late).total_seconds(),
    )
    assert (0, 0) == (copies, lost)
    assert timedelta(0) <= min(late) <= max(late) <= BEAT
    local = [moment.astimezone(LONDON).replace(tzinfo=None) for moment in due.values()]
    at_two = local.count(midnight + timedelta(hours=2))
    assert (3 if night == FORWARD else 1) == at_two, "what does not exist goes out when it does"
