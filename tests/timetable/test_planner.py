"""Giving posts their times."""

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from scripted_platform import Accept

from bot.model.account import Blackout
from bot.model.delivery import Delivery
from bot.platforms.contract import NotReached
from bot.store import accounts
from bot.timetable.slots import DEFAULT_TIMETABLE, occurrences

MINUTE = timedelta(minutes=1)


def at(hour, minute=0, day=1):
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def planned(world, *ids):
    world.planner.plan_due()
    return [world.row(row_id).due_at for row_id in ids]


def test_a_free_slot_is_found_weeks_ahead_and_never_one_that_is_taken(world):
    """Every Slot of the next three weeks has a post at its time."""
    london = ZoneInfo("Europe/London")
    ahead = occurrences(DEFAULT_TIMETABLE, london, world.clock())
    later = world.clock() + timedelta(weeks=3)
    for moment in takewhile(lambda moment: moment < later, ahead):
        world.queue(at=moment.astimezone(london).replace(tzinfo=None))

    (due,) = planned(world, world.queue(timing="next"))

    assert next(occurrences(DEFAULT_TIMETABLE, london, later - MINUTE)) == due


def test_next_takes_the_next_free_slots_in_the_order_of_queueing(world):
    """One per Slot and Account."""
    ids = [world.queue(timing="next") for _ in range(3)]
    other = world.queue(timing="next", to=("facebook",))

    assert [at(12, 30), at(18), at(8, 30, 2), at(12, 30)] == planned(world, *ids, other)
    assert at(12, 30) == world.row(ids[0]).slot_start
    assert 0 == world.planner.plan_due()


def test_without_any_spacing_a_slot_still_takes_one_post(world):
    """One per Slot, also of what was sent there or gave it up for the next."""
    world.limit(spacing=timedelta(0))
    first = world.queue(timing="next")
    planned(world, first)
    world.clock.now = at(12, 30)
    world.send_due()
    world.clock.now = at(12, 29)
    ids = [world.queue(timing="next") for _ in range(2)]

    assert [at(18), at(8, 30, 2)] == planned(world, *ids)


def test_urgent_next_is_planned_before_the_others(world):
    """It was queued later and goes first."""
    calm, urgent = world.queue(timing="next"), world.queue(timing="next", urgent=True)

    assert [at(18), at(12, 30)] == planned(world, calm, urgent)


def test_a_typed_time_is_never_moved_and_others_keep_their_distance(world):
    """The Slot beside it is passed over."""
    typed = world.queue(at=datetime(2026, 12, 1, 12, 40))
    follower = world.queue(timing="next")

    assert [at(12, 40), at(18)] == planned(world, typed, follower)


def test_now_is_now_or_the_first_minute_the_spacing_allows(world):
    """Also after what has just gone out; urgent does not wait."""
    first = world.queue(timing="now")
    assert [at(12)] == planned(world, first)
    world.send_due()
    second, third, urgent = (
        world.queue(timing="now"),
        world.queue(timing="now"),
        world.queue(timing="now", urgent=True),
    )

    assert [at(12, 20), at(12, 40), at(12)] == planned(world, second, third, urgent)
    assert world.row(second).slot_start is None


def test_an_account_has_its_own_slots_and_zone(world):
    """Wednesday 9:00 in Bogotá."""
    with world.store.write() as session:
        accounts.replace_slots(session, world.ids["x"], [(2, "09:00"), (2, "09:00")])
    world.change_account(timezone="America/Bogota")

    assert [at(14, 0, 2)] == planned(world, world.queue(timing="next"))


def test_a_slot_that_went_by_is_given_up_for_the_next_one_per_slot(world):
    """Asleep over two Slots, three posts: no flush."""
    ids = [world.queue(timing="next") for _ in range(3)]
    planned(world, *ids)
    world.clock.now = at(9, 0, 2)

    assert [at(12, 30, 2), at(18, 0, 2), at(8, 30, 2)] == planned(world, *ids)
    assert [ids[2]] == world.send_due()


def test_what_waits_for_approval_keeps_moving_until_it_has_it(world):
    """Its Slot goes by, the next is taken."""
    delivery_id = world.queue(timing="next")
    world.change(delivery_id, state="held", holds=frozenset({"approval"}))
    planned(world, delivery_id)
    world.clock.now = at(18)

    assert [at(8, 30, 2)] == planned(world, delivery_id)


def test_a_slot_begun_is_kept_until_the_next_begins(world):
    """A busy minute is no reason to wait a day."""
    delivery_id = world.queue(timing="next")
    planned(world, delivery_id)
    world.clock.now = at(15, 29)

    assert [at(12, 30)] == planned(world, delivery_id)
    world.clock.now = at(15, 31)
    assert [at(18)] == planned(world, delivery_id)


def test_a_slot_is_given_up_when_the_next_has_begun_even_if_not_too_late(world):
    """Two in one Slot would be a flush."""
    with world.store.write() as session:
        accounts.replace_slots(session, world.ids["x"], [(1, "12:30"), (1, "13:00"), (1, "14:00")])
    delivery_id = world.queue(timing="next")
    planned(world, delivery_id)
    world.clock.now = at(13)

    assert [at(14)] == planned(world, delivery_id)


def test_typed_times_and_what_is_in_doubt_or_half_out_give_up_nothing(world):
    """Each has another rule."""
    typed = world.queue(at=datetime(2026, 12, 1, 13, 0))
    doubted = world.queue(timing="next")
    planned(world, doubted)
    world.change(doubted, state="held", holds=frozenset({"in doubt"}))
    half_out = world.queue("One two three. " * 30, timing="next", thread=True)
    planned(world, half_out)
    world.x.script.extend([Accept(), NotReached("no line")])
    world.clock.now = world.row(half_out).due_at
    world.deliver(half_out)
    before = [world.row(row_id).due_at for row_id in (typed, doubted, half_out)]
    world.clock.move(days=3)

    assert before == planned(world, typed, doubted, half_out)


def test_blackouts_are_passed_over(world):
    """Nothing is planned into them."""
    with world.store.write() as session:
        session.add(
            Blackout(account_id=None, starts_at=at(11), ends_at=at(19), reason="vigil", actor="ana")
        )

    assert [at(8, 30, 2)] == planned(world, world.queue(timing="next"))


def test_where_no_slot_is_free_it_stays_without_a_time_and_says_so(world):
    """And the other Account's post is planned all the same."""
    with world.store.write() as session:
        session.add(
            Blackout(
                account_id=world.ids["x"],
                starts_at=at(0),
                ends_at=at(0) + timedelta(days=800),
                reason="closed",
                actor="ana",
            )
        )
    closed, other = world.queue(timing="next"), world.queue(timing="next", to=("facebook",))

    assert [None, at(12, 30)] == planned(world, closed, other)
    assert "no free slot" in world.row(closed).reason


def test_a_typed_time_lost_becomes_the_next_slot(world):
    """Whatever took it away."""
    delivery_id = world.queue()
    world.change(delivery_id, due_at=None)

    assert [at(12, 30)] == planned(world, delivery_id)
    assert "next" == world.row(delivery_id).timing


@pytest.mark.parametrize("state", ["sent", "cancelled", "failed", "unconfirmed"])
def test_what_is_over_or_in_doubt_is_not_planned(world, state):
    """Only what waits or is held."""
    delivery_id = world.queue(timing="next")
    with world.store.write() as session:
        row = session.get_one(Delivery, delivery_id)
        row.state = state
        assert world.planner.plan(session, row, world.clock()) is None

    assert [None] == planned(world, delivery_id)


def test_a_row_settled_between_reading_and_writing_keeps_its_slot(world):
    """The answer is asked again inside the transaction."""
    delivery_id = world.queue(timing="next")
    planned(world, delivery_id)
    world.clock.move(days=1)
    world.change(delivery_id, state="sending")
    with world.store.write() as session:
        assert not world.planner._give_up_slot(session, delivery_id, world.clock())


@pytest.mark.parametrize(
    ("typed", "utc", "warned"),
    [
        (datetime(2027, 3, 28, 1, 30), datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "does not exist"),
        (datetime(2027, 10, 31, 1, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "twice"),
        (datetime(2027, 10, 31, 2, 0), datetime(2027, 10, 31, 2, 0, tzinfo=UTC), ""),
    ],
)
def test_a_typed_time_on_the_day_of_a_clock_change(world, typed, utc, warned):
    """Once, at the minute the author is told of."""
    from bot.model.written import Written

    notes = world.admission.times(Written(body="b", timing="typed", at=typed)).notes
    delivery_id = world.queue(at=typed)

    assert utc == world.row(delivery_id).due_at
    assert warned in " ".join(notes)
    world.clock.now = utc
    world.send_due()
    world.clock.now = utc + timedelta(hours=1)
    world.send_due()
    assert 1 == len(world.x.ledger)
