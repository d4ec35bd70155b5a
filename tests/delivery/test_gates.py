"""What a claimed post must pass before its request may leave."""

from datetime import timedelta
from decimal import Decimal

import pytest
from scripted_platform import Accept

from bot.decisions.approve import approve
from bot.decisions.pause import pause, resume
from bot.delivery import gates
from bot.model.account import Blackout
from bot.platforms.contract import NotReached, Unknown
from bot.store import deliveries

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def held(world, delivery_id):
    row = world.row(delivery_id)
    return row.state, set(row.holds)


def black_out(world, account_id=None, starts=-MINUTE, ends=MINUTE):
    with world.store.write() as session:
        session.add(
            Blackout(
                account_id=account_id,
                starts_at=world.clock() + starts,
                ends_at=world.clock() + ends,
                reason="the vigil",
                actor="ana",
            )
        )


def test_the_gates_stand_in_the_order_of_the_design():
    """Pause first, spacing last."""
    names = [gate.__name__ for gate in gates.GATES]

    assert [
        "paused",
        "blacked_out",
        "doubted_long_ago",
        "already_there",
        "expired",
        "too_late",
        "unapproved",
        "undescribed",
        "over_budget",
        "without_imprint",
        "too_close",
    ] == names


def test_a_pause_holds_what_comes_due_and_says_why(world):
    """On one Account; the other goes on."""
    delivery_id, other = world.queue(), world.queue(to=("facebook",))
    pause(world.decider("an accident"), "x")

    world.send_due()

    assert ("held", {"paused"}) == held(world, delivery_id)
    assert "an accident" in world.row(delivery_id).reason
    assert "sent" == world.state(other)


def test_a_pause_of_all_holds_every_account(world):
    """Until it ends."""
    ids = [world.queue(), world.queue(to=("facebook",))]
    pause(world.decider(), None)
    world.send_due()
    assert ["held", "held"] == [world.state(row_id) for row_id in ids]

    resume(world.decider(), None, world.limits.too_late)
    world.planner.plan_due()
    world.send_due()
    assert ["sent", "sent"] == [world.state(row_id) for row_id in ids]


@pytest.mark.parametrize("of", ["x", None])
def test_a_blackout_holds_what_falls_inside(world, of):
    """For one Account or all; afterwards a person picks, nothing is flushed."""
    black_out(world, world.ids[of] if of else None)
    delivery_id = world.queue()
    world.send_due()
    world.clock.move(minutes=5)

    assert ("held", {"blackout"}) == held(world, delivery_id)
    assert [] == world.due()
    assert "the vigil" in world.row(delivery_id).reason


def test_a_blackout_that_is_over_or_of_another_account_holds_nothing(world):
    """Its end is the first minute outside."""
    black_out(world, world.ids["facebook"])
    black_out(world, None, starts=-HOUR, ends=timedelta(0))
    delivery_id = world.queue()

    world.send_due()

    assert "sent" == world.state(delivery_id)


def test_expired_never_goes_out(world):
    """Not even a second later."""
    delivery_id = world.queue(expires=(world.clock() + HOUR).replace(tzinfo=None))
    world.clock.move(hours=1)
    world.send_due()

    assert ("held", {"missed"}) == held(world, delivery_id)
    assert "expires" in world.row(delivery_id).reason
    assert 0 == world.x.requests


def test_not_yet_expired_goes_out(world):
    """A second before."""
    delivery_id = world.queue(expires=(world.clock() + HOUR).replace(tzinfo=None))
    world.clock.move(minutes=59, seconds=59)
    world.send_due()

    assert "sent" == world.state(delivery_id)


def test_a_typed_time_gone_by_too_long_waits_for_a_person(world):
    """Three hours by default; up to then it is sent late."""
    just, over = world.queue(), world.queue(to=("facebook",))
    world.clock.move(hours=3)
    world.deliver(just)
    world.clock.move(seconds=1)
    world.deliver(over)

    assert "sent" == world.state(just)
    assert ("held", {"missed"}) == held(world, over)


def test_a_post_may_set_its_own_too_late(world):
    """Zero means on time or not at all."""
    delivery_id = world.queue(too_late_seconds=0)
    world.clock.move(seconds=1)
    world.send_due()

    assert ("held", {"missed"}) == held(world, delivery_id)


def test_a_slot_gone_by_too_long_is_given_back_for_the_next(world):
    """`next` is never missed, only moved."""
    delivery_id = world.queue(timing="next")
    world.planner.plan_due()
    slot = world.row(delivery_id).slot_start
    world.clock.now = slot + 3 * HOUR + timedelta(seconds=1)
    world.send_due()

    row = world.row(delivery_id)
    assert ("waiting", None, None) == (row.state, row.due_at, row.slot_start)
    assert "next free" in row.reason


def test_lateness_and_expiry_stop_applying_once_a_part_is_out(world):
    """Half a thread is worse than a late one."""
    long = "One two three. " * 30
    soon = (world.clock() + MINUTE).replace(tzinfo=None)
    delivery_id = world.queue(long, thread=True, too_late_seconds=0, expires=soon)
    world.x.script.extend([Accept(), NotReached("no line")])
    world.send_due()
    world.clock.move(hours=9)
    world.send_due()

    assert "sent" == world.state(delivery_id)


@pytest.mark.parametrize("approval", ["volunteers", "two people"])
def test_without_approval_nothing_goes_out(world, approval):
    """Whoever turned approval on after it was queued."""
    delivery_id = world.queue()
    world.change_account(approval=approval)
    world.send_due()
    assert ("held", {"approval"}) == held(world, delivery_id)

    approve(world.decider(actor="bea"), str(delivery_id))
    world.send_due()
    assert "sent" == world.state(delivery_id)


def test_an_approval_of_other_words_counts_for_nothing(world):
    """What is approved is a digest."""
    world.change_account(approval="volunteers")
    delivery_id = world.queue()
    approve(world.decider(), str(delivery_id))
    world.change(delivery_id, variant_digest="of other words")
    world.send_due()

    assert ("held", {"approval"}) == held(world, delivery_id)


def test_beyond_the_budget_of_the_month_nothing_goes_out(world, budget):
    """The last cent may be spent, not one more; next month begins anew."""
    world.limit(monthly_budgets=budget(world.ids["x"], "0.40"), spacing=timedelta(0))
    world.x.cost = Decimal("0.20")
    ids = [world.queue() for _ in range(3)]
    world.send_due()
    assert ["sent", "sent", "held"] == [world.state(row_id) for row_id in ids]
    assert ("held", {"budget"}) == held(world, ids[2])
    assert "$0.40" in world.row(ids[2]).reason

    world.clock.move(days=31)
    again = world.queue()
    world.send_due()
    assert "sent" == world.state(again)


def test_what_costs_nothing_passes_an_empty_budget(world, budget):
    """Free is free."""
    world.limit(monthly_budgets=budget(world.ids["x"], "0"))
    delivery_id = world.queue()
    world.send_due()

    assert "sent" == world.state(delivery_id)


def test_a_live_account_waits_for_the_imprint_questions(world):
    """A simulator is not asked."""
    world.limit(imprint_answered=False)
    live, simulated = world.queue(), world.queue(to=("facebook",))
    world.x.is_live = True
    world.send_due()

    assert ("held", {"imprint"}) == held(world, live)
    assert "sent" == world.state(simulated)


def test_next_and_now_keep_their_distance_from_what_went_out(world):
    """Twenty minutes after the last one, to the second."""
    world.queue()
    world.send_due()
    world.clock.move(minutes=5)
    second = world.queue(timing="now")
    world.change(second, due_at=world.clock())
    world.send_due()
    row = world.row(second)
    assert ("waiting", world.clock() + 15 * MINUTE) == (row.state, row.not_before)
    assert row.reason == "Another post went out just before."

    world.clock.move(minutes=15)
    world.send_due()
    assert "sent" == world.state(second)


@pytest.mark.parametrize("kind", ["typed", "urgent", "retry", "other account", "doubt"])
def test_spacing_does_not_bind_typed_times_urgent_posts_or_retries(world, kind):
    """A person's time is never moved."""
    world.queue()
    world.send_due()
    to = ("facebook",) if kind == "other account" else ("x",)
    second = world.queue(to=to, urgent=kind == "urgent")
    if kind != "typed":
        world.change(second, timing="now")
    if kind == "retry":
        world.change(second, tries=1)
    if kind == "doubt":
        world.change(second, doubt_since=world.clock())
    world.send_due()

    assert "sent" == world.state(second)


def test_typed_times_that_went_by_keep_their_distance(world):
    """After an outage the first goes at once, what is due this minute too, the rest one by one."""
    first, second = world.queue(), world.queue()
    world.clock.move(minutes=41)
    third = world.queue()
    world.send_due()

    assert ["sent", "waiting", "sent"] == [world.state(row) for row in (first, second, third)]
    assert world.clock() + 20 * MINUTE == world.row(second).not_before


def test_a_post_in_doubt_counts_for_the_spacing(world):
    """It may be public."""
    world.queue()
    world.x.script.append(Unknown("cut"))
    world.send_due()
    second = world.queue(timing="now")
    world.change(second, due_at=world.clock())
    world.send_due()

    assert world.clock() + 20 * MINUTE == world.row(second).not_before


def test_a_clock_set_back_does_not_stop_the_account(world):
    """A post from the future is no reason to wait for it."""
    world.queue()
    world.send_due()
    world.clock.move(days=-1)
    second = world.queue(timing="now")
    world.change(second, due_at=world.clock())
    world.send_due()

    assert "sent" == world.state(second)


def test_several_reasons_are_not_needed_to_hold_but_the_first_is_named(world):
    """Pause comes before everything else."""
    delivery_id = world.queue()
    black_out(world)
    pause(world.decider("stop"), "x")
    world.send_due()

    assert ("held", {"paused"}) == held(world, delivery_id)


def test_a_picture_without_words_does_not_leave_however_it_came_to_be_due(world):
    """The last gate of a rule that the door knows, too."""
    delivery_id = world.queue()
    with world.store.write() as session:
        (part,) = deliveries.parts(session, delivery_id)
        part.images = [{"sha256": "0" * 64, "mime_type": "image/png", "alt": ""}]
    world.send_due()

    row = world.row(delivery_id)
    assert (0, {"alt text"}) == (world.x.requests, set(row.holds))
    assert "Its picture has no alt text" in row.reason
