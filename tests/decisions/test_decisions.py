"""What people decide, each with its row in the record."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from scripted_platform import Accept

from bot.decisions.approve import approve
from bot.decisions.cancel import cancel
from bot.decisions.hold import hold
from bot.decisions.pause import kept_back, pause, resume
from bot.decisions.release import release
from bot.decisions.resolve import Answer, resolve
from bot.decisions.retry import retry
from bot.errors import NotAllowed, NotFound, UsageError
from bot.model.delivery import Decision
from bot.platforms.contract import NotReached, Refused, Unknown

LONDON = ZoneInfo("Europe/London")


def record(world):
    from sqlalchemy import select

    with world.store.read() as session:
        return list(session.scalars(select(Decision).order_by(Decision.id)))


def holds(world, delivery_id):
    row = world.row(delivery_id)
    return row.state, set(row.holds)


def put_on_hold(world, delivery_id, *words):
    world.change(delivery_id, state="held", holds=frozenset(words))


def doubt(world, act=None):
    delivery_id = world.queue()
    world.x.script.append(act or Unknown("cut"))
    world.send_due()
    return delivery_id


def test_every_decision_says_who_when_why_and_what_it_changed(world):
    """The record only grows."""
    delivery_id = world.queue()
    hold(world.decider("not yet", "rosa"), str(delivery_id))
    world.clock.move(minutes=1)
    cancel(world.decider("never", "ana"), str(delivery_id))

    first, second = record(world)
    assert ("rosa", "hold", "not yet", delivery_id) == (
        first.actor,
        first.verb,
        first.reason,
        first.delivery_id,
    )
    assert ("waiting", "held") == (first.before["state"], first.after["state"])
    assert ("held", "cancelled") == (second.before["state"], second.after["state"])
    assert timedelta(minutes=1) == second.made_at - first.made_at


def test_a_post_and_a_delivery_can_both_be_named(world):
    """P1 is all of a post, 1 is one of its deliveries."""
    delivery_id = world.queue(to=("x", "facebook"))
    post = world.row(delivery_id).post_id

    assert 2 == len(hold(world.decider(), f"p{post}"))
    assert 1 == len(hold(world.decider(), f" {delivery_id} "))
    for unknown in ("P99", "99", "twelve", "", "1; DROP TABLE", "-1"):
        with pytest.raises(NotFound):
            hold(world.decider(), unknown)


def test_what_a_verb_leaves_alone_gets_no_row_in_the_record(world):
    """Cancelling a post half of which is out records the other half only."""
    delivery_id = world.queue(to=("x", "facebook"))
    world.deliver(delivery_id)
    cancel(world.decider(), f"P{world.row(delivery_id).post_id}")

    assert [delivery_id + 1] == [row.delivery_id for row in record(world)]
    assert "sent" == world.state(delivery_id)


def test_approving_clears_the_approval_and_nothing_else(world):
    """A first-run hold beside it stays."""
    delivery_id = world.queue()
    put_on_hold(world, delivery_id, "approval", "first run")
    approve(world.decider(), str(delivery_id))

    row = world.row(delivery_id)
    assert ("held", {"first run"}) == holds(world, delivery_id)
    assert row.variant_digest == row.approved_digest


def test_approving_what_is_over_is_refused(world):
    """There is nothing to approve."""
    delivery_id = world.queue()
    world.send_due()
    with pytest.raises(NotAllowed):
        approve(world.decider(), str(delivery_id))
    assert [] == record(world)


def test_hold_and_release_of_what_needed_no_approval(world):
    """A lone operator holds back a post and lets it go again."""
    delivery_id = world.queue()
    hold(world.decider(), str(delivery_id))
    assert [] == world.due()
    release(world.decider(), str(delivery_id), LONDON)

    assert ("waiting", set()) == holds(world, delivery_id)


def test_a_second_hold_changes_nothing_records_nothing_and_can_be_released(world):
    """Holding twice to be sure must not demand an approval nobody needs."""
    delivery_id = world.queue()
    for _ in range(2):
        assert 1 == len(hold(world.decider(), str(delivery_id)))
    assert ["hold"] == [row.verb for row in record(world)]
    release(world.decider(), str(delivery_id), LONDON)

    assert ("waiting", set()) == holds(world, delivery_id)


def test_a_second_hold_in_an_older_record_does_not_stop_a_release(world):
    """Versions before this one wrote it down."""
    delivery_id = world.queue()
    hold(world.decider(), str(delivery_id))
    with world.store.write() as session:
        row = session.merge(world.row(delivery_id))
        before = {"holds": ["approval"]}
        world.decider().note(session, "hold", delivery=row, before=before)
    release(world.decider(), str(delivery_id), LONDON)

    assert ("waiting", set()) == holds(world, delivery_id)


def test_hold_and_release_is_no_way_round_an_approval(world):
    """Neither for what nobody approved nor for words changed meanwhile."""
    world.change_account(approval="volunteers")
    unapproved, changed, approved = world.queue(), world.queue(), world.queue()
    for delivery_id in (changed, approved):
        approve(world.decider(), str(delivery_id))
    for delivery_id in (unapproved, changed, approved):
        hold(world.decider(), str(delivery_id))
    world.change(changed, variant_digest="other words")

    for delivery_id in (unapproved, changed):
        with pytest.raises(NotAllowed, match="needs approval"):
            release(world.decider(), str(delivery_id), LONDON)
    release(world.decider(), str(approved), LONDON)
    assert ["held", "held", "waiting"] == [
        world.state(row_id) for row_id in (unapproved, changed, approved)
    ]


@pytest.mark.parametrize("word", ["sent", "failed", "cancelled", "unconfirmed", "sending"])
def test_what_is_not_waiting_cannot_be_held(world, word):
    """It is too late, or there is no need."""
    delivery_id = world.queue()
    world.change(delivery_id, state=word)
    with pytest.raises(NotAllowed):
        hold(world.decider(), str(delivery_id))


@pytest.mark.parametrize("word", ["first run", "file gone", "already there", "budget"])
def test_release_lifts_what_a_person_may_lift_and_keeps_the_time(world, word):
    """The time it had is still its time."""
    delivery_id = world.queue(at=datetime(2026, 12, 5, 18, 30))
    put_on_hold(world, delivery_id, word)
    release(world.decider(), str(delivery_id), LONDON)

    assert ("waiting", set()) == holds(world, delivery_id)
    assert datetime(2026, 12, 5, 18, 30, tzinfo=UTC) == world.row(delivery_id).due_at


@pytest.mark.parametrize("word", ["missed", "blackout"])
def test_release_of_what_went_by_takes_the_next_free_slot(world, word):
    """Never a flush."""
    delivery_id = world.queue()
    put_on_hold(world, delivery_id, word)
    world.clock.move(hours=4)
    release(world.decider(), str(delivery_id), LONDON)
    world.planner.plan_due()

    row = world.row(delivery_id)
    assert ("waiting", "next") == (row.state, row.timing)
    assert datetime(2026, 12, 1, 18, 0, tzinfo=UTC) == row.due_at == row.slot_start


@pytest.mark.parametrize("word", ["approval", "paused", "imprint", "in doubt"])
def test_release_names_what_stands_in_the_way(world, word):
    """And changes nothing."""
    delivery_id = world.queue()
    put_on_hold(world, delivery_id, word, "missed")
    with pytest.raises(NotAllowed, match=f"{delivery_id}"):
        release(world.decider(), str(delivery_id), LONDON)

    assert ("held", {word, "missed"}) == holds(world, delivery_id)
    assert [] == record(world)


def test_release_at_a_typed_time_is_in_the_group_s_zone(world):
    """In summer that is an hour ahead of UTC."""
    delivery_id = world.queue()
    put_on_hold(world, delivery_id, "missed")
    release(world.decider(), str(delivery_id), LONDON, "1/6/2027 18:30")

    row = world.row(delivery_id)
    assert ("typed", datetime(2027, 6, 1, 17, 30, tzinfo=UTC)) == (row.timing, row.due_at)


def test_release_at_next_or_now_or_a_past_time(world):
    """Words work as in a file; the past is refused."""
    delivery_id = world.queue()
    release(world.decider(), str(delivery_id), LONDON, "now")
    assert ("now", None) == (world.row(delivery_id).timing, world.row(delivery_id).due_at)
    with pytest.raises(UsageError, match="has passed"):
        release(world.decider(), str(delivery_id), LONDON, "2026-12-01 11:59")
    with pytest.raises(NotAllowed, match="not on hold"):
        release(world.decider(), str(delivery_id), LONDON)


def test_release_past_the_expiry_is_refused(world):
    """Never after it, whoever asks."""
    delivery_id = world.queue(expires=datetime(2026, 12, 1, 13, 0))
    put_on_hold(world, delivery_id, "missed")
    with pytest.raises(NotAllowed, match="must not go out after"):
        release(world.decider(), str(delivery_id), LONDON, "2026-12-01 13:00")
    release(world.decider(), str(delivery_id), LONDON, "2026-12-01 12:59")

    assert "waiting" == world.state(delivery_id)


def test_cancel_withdraws_for_good_and_gives_the_slot_back(world):
    """Twice is as good as once."""
    delivery_id = world.queue(timing="next")
    world.planner.plan_due()
    cancel(world.decider(None), str(delivery_id))
    cancel(world.decider(), str(delivery_id))

    row = world.row(delivery_id)
    assert ("cancelled", None, frozenset()) == (row.state, row.slot_start, row.holds)
    assert 1 == len(record(world))
    world.clock.move(days=2)
    assert [] == world.send_due()


def test_cancelling_what_was_about_to_be_sent_again_says_that_it_may_be_out(world):
    """Whoever withdraws it learns where to look."""
    delivery_id = doubt(world)
    world.change(delivery_id, state="waiting")
    cancel(world.decider(), str(delivery_id))

    assert "look at the account whether it is there" in world.row(delivery_id).reason


@pytest.mark.parametrize("word", ["sent", "sending", "unconfirmed"])
def test_what_may_be_out_cannot_be_cancelled(world, word):
    """It would be a lie."""
    delivery_id = world.queue()
    world.change(delivery_id, state=word)
    with pytest.raises(NotAllowed, match=f"{delivery_id}"):
        cancel(world.decider(), str(delivery_id))
    put_on_hold(world, delivery_id, "in doubt")
    with pytest.raises(NotAllowed, match="bot resolve"):
        cancel(world.decider(), str(delivery_id))


def test_retry_sends_a_failed_post_again_when_there_is_room(world):
    """At the first minute the spacing allows."""
    delivery_id = world.queue()
    world.x.script.append(Refused("No."))
    world.send_due()
    world.queue()
    world.send_due()
    retry(world.decider(), str(delivery_id))
    world.planner.plan_due()

    assert world.clock() + timedelta(minutes=20) == world.row(delivery_id).due_at
    world.clock.move(minutes=20)
    world.send_due()
    assert "sent" == world.state(delivery_id)
    with pytest.raises(NotAllowed, match="has not failed"):
        retry(world.decider(), str(delivery_id))


def test_a_pause_needs_a_reason(world):
    """Whoever finds it in a week wants to know."""
    with pytest.raises(NotAllowed, match="Say why"):
        pause(world.decider(None), None)


def test_pausing_twice_changes_the_reason_and_resuming_ends_it(world):
    """One switch, not a pile of them."""
    pause(world.decider("first"), "x")
    pause(world.decider("second"), "x")
    delivery_id = world.queue()
    world.send_due()
    assert "second" in world.row(delivery_id).reason
    resume(world.decider(), "x", world.limits.too_late)

    with pytest.raises(NotAllowed, match="Nothing is paused"):
        resume(world.decider(), "x", world.limits.too_late)
    assert ["pause", "pause", "resume"] == [row.verb for row in record(world)]


def test_one_account_cannot_be_resumed_out_of_a_pause_of_all(world):
    """And a pause of its own survives the end of the other's."""
    pause(world.decider(), None)
    with pytest.raises(NotAllowed, match="every account"):
        resume(world.decider(), "x", world.limits.too_late)


def test_after_a_pause_nothing_is_flushed(world):
    """What came due gets new times, spaced; what is still to come keeps its own."""
    later = world.queue(at=datetime(2026, 12, 1, 16, 0))
    slot = world.queue(timing="next")
    world.planner.plan_due()
    pause(world.decider(), None)
    due = [world.queue(timing="now") for _ in range(2)]
    world.planner.plan_due()
    world.clock.move(hours=1, minutes=30)
    world.send_due()
    resume(world.decider(), None, world.limits.too_late)
    world.planner.plan_due()

    now = world.clock()
    assert [now, now + timedelta(minutes=20)] == [world.row(row_id).due_at for row_id in due]
    assert datetime(2026, 12, 1, 16, 0, tzinfo=UTC) == world.row(later).due_at
    assert datetime(2026, 12, 1, 18, 0, tzinfo=UTC) == world.row(slot).due_at


def test_a_typed_time_missed_during_a_pause_waits_for_a_person(world):
    """Within the limit it goes out at the first free minute."""
    missed, near = world.queue(), world.queue(at=datetime(2026, 12, 1, 15, 0))
    pause(world.decider(), None)
    world.send_due()
    world.clock.move(hours=3, seconds=1)
    world.send_due()
    resume(world.decider(), None, world.limits.too_late)
    world.planner.plan_due()

    assert ("held", {"missed"}) == holds(world, missed)
    assert ("waiting", world.clock()) == (world.state(near), world.row(near).due_at)


def test_a_thread_paused_half_way_goes_on_at_once_however_late(world):
    """Its rest is not a new post, and never missed."""
    delivery_id = world.queue("One two three. " * 30, thread=True)
    world.x.script.extend([Accept(), NotReached("no line")])
    world.send_due()
    pause(world.decider(), "x")
    world.clock.move(hours=9)
    world.send_due()
    assert ("held", {"paused"}) == holds(world, delivery_id)
    resume(world.decider(), "x", world.limits.too_late)
    world.send_due()

    assert "sent" == world.state(delivery_id)


def test_a_post_left_on_hold_when_no_pause_stands_any_more_can_be_resumed(world):
    """It was held in the very moment the pause ended."""
    delivery_id = world.queue()
    put_on_hold(world, delivery_id, "paused")
    resume(world.decider(), None, world.limits.too_late)

    assert "waiting" == world.state(delivery_id)


def test_what_a_pause_kept_back_is_listed_per_account(world):
    """However many came due on the other one."""
    ours = world.queue(to=("facebook",))
    for _ in range(3):
        world.queue()
    world.clock.move(seconds=1)
    with world.store.read() as session:
        rows = kept_back(session, world.decider(), world.account("facebook"))

    assert [ours] == [row.id for row in rows]


def test_a_doubt_answered_it_is_up_takes_its_link(world):
    """It is sent from then on, and counted."""
    delivery_id = doubt(world)
    resolve(world.decider(), delivery_id, Answer.SENT, "https://x.com/us/status/1234567", "1234567")

    row, part = world.row(delivery_id), world.parts(delivery_id)[0]
    assert ("sent", "1234567", world.clock()) == (row.state, part.remote_id, row.next_count_at)
    assert "found" == record(world)[0].verb


def test_a_link_that_belongs_to_another_of_our_posts_is_refused(world):
    """Never one already matched, by a person either."""
    first = world.queue()
    world.send_due()
    delivery_id = doubt(world)
    url = f"https://x.com/us/status/{world.parts(first)[0].remote_id}"
    with pytest.raises(NotAllowed, match="another post"):
        resolve(world.decider(), delivery_id, Answer.SENT, url, url.rpartition("/")[2])

    assert "unconfirmed" == world.state(delivery_id)


def test_a_doubt_answered_not_up_send_now_is_never_too_late_and_ignores_spacing(world):
    """A person has decided."""
    delivery_id = doubt(world)
    world.clock.move(days=3)
    world.queue()
    world.send_due()
    resolve(world.decider(), delivery_id, Answer.ABSENT_NOW)
    world.send_due()

    assert "sent" == world.state(delivery_id)


def test_a_doubt_answered_not_up_next_slot_is_planned(world):
    """In the Account's next free Slot."""
    delivery_id = doubt(world)
    resolve(world.decider(), delivery_id, Answer.ABSENT_NEXT)
    world.planner.plan_due()

    assert datetime(2026, 12, 1, 12, 30, tzinfo=UTC) == world.row(delivery_id).due_at


def test_an_answer_to_an_older_doubt_is_refused(world):
    """It was sent once more while the person looked: what was true then need not be now."""
    delivery_id = doubt(world)
    seen = world.row(delivery_id).doubt_since
    later = seen + timedelta(minutes=15)
    world.change(delivery_id, doubt_since=later)

    with pytest.raises(NotAllowed, match="tried once more"):
        resolve(world.decider(), delivery_id, Answer.ABSENT_NOW, doubt_since=seen)
    assert "unconfirmed" == world.state(delivery_id)

    resolve(world.decider(), delivery_id, Answer.ABSENT_NOW, doubt_since=later)
    assert "waiting" == world.state(delivery_id)


def test_a_doubt_answered_drop_is_cancelled(world):
    """For good."""
    delivery_id = doubt(world)
    resolve(world.decider(None), delivery_id, Answer.DROP)

    row = world.row(delivery_id)
    assert ("cancelled", None) == (row.state, row.next_look_at)


def test_a_doubt_held_for_more_than_one_reason_stays_held(world):
    """The pause is not answered by it."""
    delivery_id = world.queue()
    put_on_hold(world, delivery_id, "in doubt", "paused")
    resolve(world.decider(), delivery_id, Answer.ABSENT_NOW)

    assert ("held", {"paused"}) == holds(world, delivery_id)


def test_a_part_found_by_a_person_lets_the_rest_of_the_thread_follow(world):
    """Part 1 is up; Part 2 answers it."""
    delivery_id = world.queue("One two three. " * 30, thread=True)
    world.x.script.append(Unknown("cut"))
    world.send_due()
    resolve(world.decider(), delivery_id, Answer.SENT, "https://x.com/us/status/1234567", "1234567")
    assert "waiting" == world.state(delivery_id)
    world.send_due()

    assert "1234567" == world.x.ledger[0].reply_to
    assert "sent" == world.state(delivery_id)


def test_there_must_be_a_doubt_to_answer_one(world):
    """Else nothing is decided."""
    delivery_id = world.queue()
    with pytest.raises(NotAllowed, match="no doubt"):
        resolve(world.decider(), delivery_id, Answer.DROP)
    assert [] == record(world)


def test_an_answered_doubt_is_no_longer_missed_either(world):
    """It is never too late."""
    delivery_id = world.queue()
    put_on_hold(world, delivery_id, "in doubt", "missed")
    resolve(world.decider(), delivery_id, Answer.ABSENT_NOW)

    assert ("waiting", set()) == holds(world, delivery_id)


def test_resuming_one_account_leaves_the_other_as_it_is(world):
    """What is late there is late for a reason of its own, and tried again when it says."""
    late = world.queue(to=("facebook",))
    world.facebook.script.append(NotReached("no line"))
    world.send_due()
    pause(world.decider(), "x")
    world.clock.move(seconds=1)
    before = world.row(late)
    assert [] == resume(world.decider(), "x", world.limits.too_late)

    after = world.row(late)
    assert (before.due_at, before.not_before, "typed") == (
        after.due_at,
        after.not_before,
        after.timing,
    )


def test_a_pause_holds_nothing_that_was_late_before_it_longer_than_needed(world):
    """Ended, everything of the account that came due gets a time of its own."""
    ids = [world.queue(), world.queue()]
    pause(world.decider(), "x")
    world.send_due()
    resume(world.decider(), "x", world.limits.too_late)
    world.planner.plan_due()

    assert [timedelta(0), timedelta(minutes=20)] == [
        world.row(row_id).due_at - world.clock() for row_id in ids
    ]
