"""Quiet times: held early, moved, let go or missed; and nothing goes out in a heap afterwards."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from scripted_platform import Accept
from world import LONDON

from bot.decisions.approve import approve
from bot.decisions.blackout import Hours, add, remove
from bot.decisions.pause import pause, resume
from bot.decisions.release import release
from bot.errors import NotAllowed
from bot.platforms.contract import NotReached


def at(hour, minute=0, day=1):
    """A moment of December 2026, when London keeps UTC."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def typed(hour, minute=0, day=1):
    return datetime(2026, 12, day, hour, minute)


def quiet(world, starts_at, ends_at, name=None, reason="the vigil"):
    return add(world.decider(reason), name, Hours(starts_at, ends_at))


def stands(world, delivery_id):
    row = world.row(delivery_id)
    return row.state, set(row.holds)


def beat(world):
    """What the heartbeat does, but for the folder: plan, then send."""
    world.planner.plan_due()
    return world.send_due()


def test_a_typed_time_inside_is_held_at_once_and_says_why(world):
    """Weeks before if need be: a person sees it early, and no line promises the old time."""
    inside, before, end = (
        world.queue(at=typed(18)),
        world.queue(at=typed(17)),
        world.queue(at=typed(20)),
    )
    quiet(world, at(18), at(20))
    world.planner.plan_due()

    assert ("held", {"blackout"}) == stands(world, inside)
    assert "Quiet time: the vigil" == world.row(inside).reason
    assert ("waiting", set()) == stands(world, before) == stands(world, end)


def test_what_is_queued_into_a_quiet_time_later_is_held_too(world):
    """Whichever came first; `now` is a time like any other."""
    quiet(world, at(11), at(14))
    ids = [world.queue(at=typed(13)), world.queue(timing="now")]
    beat(world)

    assert [("held", {"blackout"})] * 2 == [stands(world, row_id) for row_id in ids]
    assert [] == world.x.texts()


def test_the_next_free_slot_is_one_outside(world):
    """It moves by itself, before and during; approval or not."""
    world.change_account(approval="volunteers")
    delivery_id = world.queue(timing="next")
    world.planner.plan_due()
    assert at(12, 30) == world.row(delivery_id).due_at
    quiet(world, at(12), at(18))
    world.planner.plan_due()

    row = world.row(delivery_id)
    assert (at(18), at(18), {"approval"}) == (row.due_at, row.slot_start, set(row.holds))


def test_one_account_s_quiet_time_is_not_the_other_s(world):
    """The same post waits on one and goes out on the other."""
    delivery_id = world.queue(at=typed(13), to=("x", "facebook"))
    quiet(world, at(12), at(14), "x")
    world.clock.move(hours=1)
    beat(world)

    assert ["held", "sent"] == [world.state(delivery_id), world.state(delivery_id + 1)]


def test_taken_back_in_time_everything_goes_out_as_typed(world):
    """As if nothing had been."""
    delivery_id = world.queue(at=typed(18))
    row = quiet(world, at(17), at(20))
    world.planner.plan_due()
    remove(world.decider(), row.id)
    world.planner.plan_due()

    assert ("waiting", set(), None) == (*stands(world, delivery_id), world.row(delivery_id).reason)
    world.clock.move(hours=6)
    beat(world)
    assert [at(18)] == [post.at for post in world.x.ledger]


@pytest.mark.parametrize("ends", ["by itself", "taken back"])
def test_what_went_by_is_missed_and_never_sent_by_itself(world, ends):
    """Neither late nor in a heap; a person gives each its own time, spaced."""
    ids = [world.queue(at=typed(13, n)) for n in range(3)]
    later = world.queue(at=typed(16))
    row = quiet(world, at(12, 30), at(14))
    world.planner.plan_due()
    world.clock.move(hours=1, minutes=10)
    assert [] == beat(world)
    if ends == "taken back":
        remove(world.decider(), row.id)
    else:
        world.clock.move(minutes=50)
    assert [] == beat(world)

    assert [("held", {"missed"})] * 3 == [stands(world, row_id) for row_id in ids]
    assert "Its time went by. Quiet time: the vigil" == world.row(ids[0]).reason
    for row_id in ids:
        release(world.decider(), str(row_id), LONDON, "now")
        world.planner.plan_due()
    now = world.clock()
    assert [now + n * timedelta(minutes=20) for n in range(3)] == [
        world.row(row_id).due_at for row_id in ids
    ]
    assert at(16) == world.row(later).due_at


def test_overlapping_quiet_times_let_go_only_when_none_covers_it_any_more(world):
    """Each is taken back by itself; the reason names one that still stands."""
    delivery_id = world.queue(at=typed(18))
    first = quiet(world, at(17), at(20), reason="first")
    second = quiet(world, at(18), at(19), "x", reason="second")
    world.planner.plan_due()
    assert "Quiet time: first" == world.row(delivery_id).reason
    remove(world.decider(), first.id)
    world.planner.plan_due()
    assert ("held", {"blackout"}) == stands(world, delivery_id)
    assert "Quiet time: second" == world.row(delivery_id).reason
    remove(world.decider(), second.id)
    world.planner.plan_due()

    assert ("waiting", set()) == stands(world, delivery_id)


def test_one_quiet_time_that_runs_into_the_next_keeps_it_until_the_last_ends(world):
    """Its own hour is over, yet the next quiet time is in force."""
    delivery_id = world.queue(at=typed(13))
    quiet(world, at(12, 30), at(14))
    quiet(world, at(13, 30), at(15))
    world.planner.plan_due()
    world.clock.move(hours=2, minutes=30)
    beat(world)
    assert ("held", {"blackout"}) == stands(world, delivery_id)
    world.clock.move(minutes=30)
    beat(world)

    assert ("held", {"missed"}) == stands(world, delivery_id)


def test_a_pause_on_top_and_an_approval_each_have_to_end_too(world):
    """Several holds at once; it leaves only when all are cleared, whichever ends first."""
    world.change_account(approval="volunteers")
    unapproved = world.queue(at=typed(18))
    row = quiet(world, at(17), at(20))
    world.planner.plan_due()
    pause(world.decider(), None)
    remove(world.decider(), row.id)
    world.planner.plan_due()
    assert ("held", {"approval"}) == stands(world, unapproved)
    approve(world.decider(), str(unapproved))
    world.clock.move(hours=6)
    beat(world)
    assert ("held", {"paused"}) == stands(world, unapproved)
    resume(world.decider(), None, world.limits.too_late)
    beat(world)

    assert "sent" == world.state(unapproved)


def test_a_pause_that_ends_within_a_quiet_time_gives_no_new_time(world):
    """What the pause kept is still kept; afterwards it is missed, once."""
    pause(world.decider(), None)
    delivery_id = world.queue()
    beat(world)
    quiet(world, at(11), at(14))
    world.planner.plan_due()
    assert ("held", {"paused", "blackout"}) == stands(world, delivery_id)
    world.clock.move(minutes=30)
    resume(world.decider(), None, world.limits.too_late)
    beat(world)
    assert ("held", {"blackout"}) == stands(world, delivery_id)
    assert at(12) == world.row(delivery_id).due_at
    world.clock.move(minutes=90)
    assert [] == beat(world)

    assert ("held", {"missed"}) == stands(world, delivery_id)


def test_a_quiet_time_that_ends_within_a_pause_misses_what_went_by(world):
    """The resume gives it no time of its own either."""
    pause(world.decider(), None)
    delivery_id = world.queue()
    beat(world)
    quiet(world, at(11), at(13))
    beat(world)
    world.clock.move(hours=1)
    beat(world)
    assert ("held", {"missed", "paused"}) == stands(world, delivery_id)
    resume(world.decider(), None, world.limits.too_late)
    assert [] == beat(world)

    assert ("held", {"missed"}, at(12)) == (
        *stands(world, delivery_id),
        world.row(delivery_id).due_at,
    )


def test_a_post_that_is_late_when_a_quiet_time_begins_is_kept_too(world):
    """Its own time was before; it would have gone out inside."""
    delivery_id = world.queue()
    world.x.script.append(NotReached("no line"))
    beat(world)
    quiet(world, at(12, 5), at(13))
    world.clock.move(minutes=10)
    beat(world)
    assert ("held", {"blackout"}) == stands(world, delivery_id)
    world.planner.plan_due()
    assert ("held", {"blackout"}) == stands(world, delivery_id)
    world.clock.move(hours=1)
    beat(world)

    assert ("held", {"missed"}) == stands(world, delivery_id)
    assert 1 == world.x.requests


def test_a_slot_held_by_the_gate_itself_takes_the_next_one(world):
    """The sweep was faster than the planner."""
    delivery_id = world.queue(timing="next")
    world.planner.plan_due()
    world.clock.move(minutes=30)
    quiet(world, at(12, 30), at(13))
    world.send_due()
    assert ("held", {"blackout"}) == stands(world, delivery_id)
    world.planner.plan_due()

    assert ("waiting", set(), at(18)) == (
        *stands(world, delivery_id),
        world.row(delivery_id).due_at,
    )


def test_a_quiet_time_set_between_two_parts_stops_the_rest_until_it_ends(world):
    """Nothing at all leaves inside; only the rest of a thread follows by itself."""
    delivery_id = world.queue("One two three. " * 30, thread=True)
    world.x.script.extend([Accept(), Accept()])
    world.x.on_send = lambda _part: (
        quiet(world, at(12), at(13)) if len(world.x.ledger) == 0 else None
    )
    beat(world)
    assert ("held", {"blackout"}) == stands(world, delivery_id)
    assert 1 == len(world.x.ledger)
    world.x.on_send = None
    beat(world)
    assert 1 == len(world.x.ledger)
    world.clock.move(hours=9)
    beat(world)

    assert "sent" == world.state(delivery_id)


def test_what_is_in_doubt_or_missed_already_is_left_alone(world):
    """It waits for an answer of another kind."""
    ids = [world.queue(), world.queue()]
    world.change(ids[0], state="held", holds=frozenset({"in doubt"}))
    world.change(ids[1], state="held", holds=frozenset({"missed"}))
    quiet(world, at(11), at(14))
    world.planner.plan_due()

    assert [{"in doubt"}, {"missed"}] == [set(world.row(row_id).holds) for row_id in ids]


def test_the_reason_of_another_hold_is_kept(world):
    """A quiet time that comes and goes leaves the words of the approval as they were."""
    delivery_id = world.queue(at=typed(18))
    world.change(
        delivery_id, state="held", holds=frozenset({"approval"}), reason="The words changed."
    )
    row = quiet(world, at(17), at(20))
    world.planner.plan_due()
    remove(world.decider(), row.id)
    world.planner.plan_due()

    assert ("held", {"approval"}) == stands(world, delivery_id)
    assert "The words changed." == world.row(delivery_id).reason


@pytest.mark.parametrize("when", ["now", "2026-12-01 13:00"])
def test_a_time_given_by_hand_must_lie_outside(world, when):
    """Else the answer would promise what cannot be."""
    delivery_id = world.queue()
    row = quiet(world, at(11), at(14))
    world.planner.plan_due()
    with pytest.raises(NotAllowed, match=f"bot blackout remove {row.id}"):
        release(world.decider(), str(delivery_id), LONDON, when)
    release(world.decider(), str(delivery_id), LONDON, "2026-12-01 14:00")
    world.planner.plan_due()

    assert ("waiting", set(), at(14)) == (
        *stands(world, delivery_id),
        world.row(delivery_id).due_at,
    )


def test_nothing_is_written_while_nothing_changes(world, monkeypatch):
    """The tick comes every two seconds, for months."""
    world.queue(at=typed(18))
    quiet(world, at(17), at(20))
    world.planner.plan_due()

    def refused():
        raise AssertionError("a write for nothing")

    monkeypatch.setattr(world.store, "write", refused)
    assert 0 == world.planner.plan_due()


def test_an_outage_of_three_days_ends_with_a_list_and_never_a_flush(world):
    """Typed times are missed, Slots taken one by one, and nothing leaves at once."""
    typed_ones = [world.queue(at=typed(13 + n % 3, day=1 + n // 3)) for n in range(9)]
    for_slots = [world.queue(timing="next") for _ in range(9)]
    soon = world.queue(timing="now")
    world.planner.plan_due()
    world.clock.move(days=3, hours=9)
    beat(world)
    beat(world)

    assert [] == world.x.texts()
    assert [("held", {"missed"})] * 10 == [stands(world, row_id) for row_id in (*typed_ones, soon)]
    due = [world.row(row_id).due_at for row_id in for_slots]
    assert due == sorted(set(due))
    assert world.clock() < due[0]
    assert all(later - sooner >= world.limits.spacing for sooner, later in pairwise(due))
