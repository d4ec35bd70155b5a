"""Posts made by hand are logged for their counts, and never take part in anything else."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from scripted_platform import Accept
from sqlalchemy import select
from world import LONDON

from bot.decisions import takedown
from bot.decisions.cancel import cancel
from bot.decisions.release import release
from bot.decisions.resolve import Answer, resolve
from bot.decisions.retry import retry
from bot.engagement.byhand import ByHand
from bot.errors import BotError, NotAllowed
from bot.intake.rows import Source
from bot.model.delivery import Delivery, Part
from bot.model.engagement import Snapshot
from bot.model.post import Post
from bot.model.stranger import Stranger
from bot.model.written import Written
from bot.platforms.contract import Counts, Unknown, Unreadable
from bot.reports import log
from bot.store import byhand, charges, deliveries, planning, strangers

HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request):
    """Every promise holds on both databases."""
    return request.param


def room(world):
    return ByHand(world.store, world.clock, world.by_id)


def read(world):
    """A reading of X's timeline, as before a post that is due soon."""
    world.watch.read(world.ids["x"])


def logged(world):
    with world.store.read() as session:
        query = select(Delivery).where(Delivery.by_hand).order_by(Delivery.sent_at)
        return list(session.scalars(query))


def posted(world, text="We marched today.", hours=2, **more):
    """Somebody published that by hand, was seen doing so, and some hours went by."""
    post = world.x.publish(text, by_hand=True, **more)
    read(world)
    world.clock.move(hours=hours)
    return post


def log_rows(world):
    with world.store.read() as session:
        return log.rows(session)


def test_a_post_made_by_hand_is_logged_as_such(world):
    """With its link, its time and its counts, and once."""
    at = world.clock()
    post = posted(world)
    assert (1, 0) == (room(world).log_settled(), room(world).log_settled())

    world.x.known_counts[post.remote_id] = Counts(views=7)
    assert 1 == world.collector.collect_due()
    (row,) = log_rows(world)
    assert (post.remote_id, 7, "We marched today.") == (row["remote_id"], row["views"], row["text"])
    assert at == logged(world)[0].sent_at
    with world.store.read() as session:
        assert ["by hand"] == list(session.scalars(select(Post.source)))


def test_nothing_is_logged_before_it_is_settled(world):
    """What was just published may be ours, its answer still on the way."""
    posted(world, hours=0.9)

    assert 0 == room(world).log_settled()


def test_an_answer_to_somebody_else_is_not_logged(world):
    """One to ourselves is part of a thread."""
    first = world.x.publish("One of two.", by_hand=True)
    world.x.publish("Two of two.", reply_to=first.remote_id, by_hand=True)
    world.x.publish("Thank you!", reply_to="77", by_hand=True)
    read(world)
    world.clock.move(hours=2)

    assert 2 == room(world).log_settled()


def test_it_can_neither_be_sent_nor_changed_nor_withdrawn(world):
    """By no verb, however it is called."""
    posted(world)
    room(world).log_settled()
    (row,) = logged(world)
    target = str(row.id)
    before = len(world.x.ledger)

    for verb in (retry, cancel):
        with pytest.raises(NotAllowed):
            verb(world.decider(), target)
    with pytest.raises(NotAllowed):
        release(world.decider(), target, LONDON)
    source = Source("by hand", "k", "digest", "ana")
    with world.store.write() as session, pytest.raises(NotAllowed, match="made by hand"):
        world.admission.amend(
            session,
            session.get_one(Post, row.post_id),
            Written(body="No", to=("facebook",)),
            source,
        )
    world.clock.move(days=40)
    assert [] == world.send_due()
    world.recurrence.plan_due()
    assert "sent" == world.state(row.id)
    assert before == len(world.x.ledger)
    assert not world.claim(row.id)


def test_what_waits_with_the_same_words_is_held_all_the_same(world):
    """Logging it takes nothing from the watch: also when the words are queued a day later."""
    posted(world)
    room(world).log_settled()
    ours = world.queue("We marched today.")
    world.change(ours, created_at=world.clock() - 3 * HOUR)
    read(world)

    assert ("held", {"already there"}) == (world.state(ours), world.row(ours).holds)


def test_what_was_read_in_with_the_past_is_still_seen_by_the_watch(world):
    """It is known by then, and holds the same words that wait all the same."""
    ours = world.queue("We marched today.", at=datetime(2026, 12, 2, 18))
    world.clock.move(minutes=1)
    world.x.publish("We marched today.", by_hand=True)
    world.clock.move(hours=2)
    long_ago = world.clock() - timedelta(days=300)
    assert 1 == room(world).read_past(world.ids["x"], long_ago, "ana").logged
    read(world)

    assert {"already there"} == world.row(ours).holds


def test_the_same_words_twice_by_hand_are_no_second_copy_of_ours(world):
    """Nobody runs the bot twice for that: both are logged."""
    posted(world)
    room(world).log_settled()
    posted(world)
    assert 1 == room(world).log_settled()
    with world.store.read() as session:
        assert 0 == strangers.matched_count(session, world.ids["x"], logged(world)[0].sent_at)


def test_it_blocks_no_words_and_takes_no_time(world):
    """Neither "same as ..." nor the spacing comes from it."""
    posted(world, hours=1.5)
    room(world).log_settled()
    account_id = world.ids["x"]
    with world.store.read() as session:
        long_ago = world.clock() - timedelta(days=30)
        assert [] == planning.taken_times(session, account_id, long_ago)
        assert planning.last_out(session, account_id) is None
        assert {account_id: []} == deliveries.recent_texts(
            session, [account_id], sent_after=long_ago, not_post=None
        )
        assert {} == deliveries.state_counts(session)
    assert "waiting" == world.state(world.queue("We marched today."))


def test_one_that_is_ours_after_all_is_still_found(world):
    """Logged too early, while ours was in doubt: the look finds it, and nothing goes twice."""
    ours = world.queue("We marched today.")
    world.x.script.append(Accept(Unknown("cut")))
    world.send_due()
    assert "unconfirmed" == world.state(ours)
    (public,) = world.x.ledger
    with world.store.write() as session:
        account = world.account()
        found = byhand.Public(
            public.remote_id, "https://example.org/1", public.text, None, public.at, 17
        )
        assert byhand.add(session, account, found, world.clock())
    (hand,) = logged(world)
    with world.store.write() as session:
        part = deliveries.parts(session, hand.id)[0]
        session.add(Snapshot(part_id=part.id, taken_at=world.clock(), views=5))
    world.clock.move(seconds=16)
    world.look()

    assert "sent" == world.state(ours)
    assert public.remote_id == world.parts(ours)[0].remote_id
    room(world).log_settled()
    (row,) = log_rows(world)
    assert (str(ours), 5) == (row["delivery"], row["views"])
    assert ("cancelled", None) == (world.state(hand.id), world.row(hand.id).sent_at)
    assert 1 == len(world.x.ledger)


def test_ours_is_never_logged_as_made_by_hand(world):
    """Sent, in doubt or a twin that a person is asked about."""
    world.queue("One.")
    world.send_due()
    world.clock.move(hours=1)
    doubt = world.queue("Two.")
    world.x.script.append(Accept(Unknown("cut")))
    world.send_due()
    read(world)
    world.change(doubt, next_look_at=None)
    world.clock.move(hours=3)

    assert 0 == room(world).log_settled()
    assert [] == logged(world)


def test_the_past_is_read_once_with_its_price(world):
    """Twice changes nothing and, the same day, costs nothing."""
    world.x.rules = replace(world.x.rules, own_read_price=Decimal("0.001"), most_listed=3_200)
    world.queue("Ours.")
    world.send_due()
    for n in range(3):
        world.x.publish(f"By hand {n}.", by_hand=True)
    world.clock.move(hours=5)
    account_id, since = world.ids["x"], datetime(2026, 1, 1, tzinfo=world.clock().tzinfo)

    assert Decimal("3.2") == room(world).most_it_costs(account_id)
    first = room(world).read_past(account_id, since, "ana")
    again = room(world).read_past(account_id, since, "ana")
    assert (4, 3, 0) == (first.found, first.logged, again.logged)
    with world.store.read() as session:
        assert Decimal("0.004") == charges.spent_between(session, account_id, since)
    assert 4 == len(log_rows(world))


def test_nothing_is_missed_between_the_past_and_the_first_reading(world):
    """Neither what was too young then, nor what came before anything was queued."""
    world.x.publish("Half an hour old.", by_hand=True)
    world.clock.move(minutes=30)
    long_ago = world.clock() - timedelta(days=300)
    assert 0 == room(world).read_past(world.ids["x"], long_ago, "ana").logged
    world.clock.move(days=2)
    world.x.publish("While nothing was queued.", by_hand=True)
    world.clock.move(days=2)
    world.queue()
    world.watch.read_due()

    assert 2 == room(world).log_settled()


def test_a_past_that_cannot_be_read_is_said(world):
    """And nothing is kept of it."""
    world.x.unreadable = Unreadable("Busy.")
    with pytest.raises(BotError, match=r"X could not be read. Busy\."):
        room(world).read_past(world.ids["x"], world.clock(), "ana")
    assert [] == logged(world)


def test_the_words_of_one_that_is_gone_there_are_forgotten_and_its_counts_kept(world):
    """They came from the Platform, and there they are no more."""
    post = posted(world)
    room(world).log_settled()
    world.x.known_counts[post.remote_id] = Counts(views=7)
    world.collector.collect_due()
    world.x.known_counts.clear()
    world.x.gone.add(post.remote_id)
    world.clock.move(hours=30)
    world.collector.collect_due()
    with world.store.write() as session:
        assert 1 == byhand.clear_gone(session, dry_run=True)
        assert 1 == byhand.clear_gone(session, dry_run=False)
        assert 0 == byhand.clear_gone(session, dry_run=False)
        assert [""] == list(session.scalars(select(Part.text)))
        assert [""] == list(session.scalars(select(Stranger.text)))
        (kept,) = session.scalars(select(Post))
        assert "" == kept.written["body"]
    (row,) = log_rows(world)
    assert (7, "") == (row["views"], row["text"])


def test_what_may_be_ours_is_not_called_made_by_hand(world):
    """Two posts with the words of one in doubt: the look takes one, and the other may be ours."""
    ours = world.queue("We marched today.")
    world.x.script.append(Accept(Unknown("cut")))
    world.send_due()
    world.clock.move(seconds=5)
    world.x.publish("We marched today.", by_hand=True)
    world.x.publish("Something else.", by_hand=True)
    read(world)
    assert 0 == room(world).log_settled()
    world.clock.move(seconds=11)
    world.look()
    assert "sent" == world.state(ours)
    read(world)
    world.clock.move(hours=2)

    assert 1 == room(world).log_settled()
    assert ["Something else."] == [world.parts(row.id)[0].text for row in logged(world)]


def test_what_a_person_dropped_while_in_doubt_is_not_called_made_by_hand(world):
    """It was up all the time, and listed late."""
    ours = world.queue("We marched today.")
    world.x.script.append(Accept(Unknown("cut")))
    world.send_due()
    resolve(world.decider(), ours, Answer.DROP)
    world.clock.move(minutes=30)
    read(world)
    world.clock.move(hours=2)

    assert ("cancelled", 0) == (world.state(ours), room(world).log_settled())


@pytest.mark.parametrize("chosen", ["withdrawn", "released"])
def test_what_was_there_already_is_logged_once_ours_is_over(world, chosen):
    """While it waits for a person nothing is; then totals match the page."""
    ours = world.queue("We marched today.", at=datetime(2026, 12, 1, 15))
    world.clock.move(minutes=1)
    posted(world)
    assert ({"already there"}, 0) == (world.row(ours).holds, room(world).log_settled())
    if chosen == "withdrawn":
        cancel(world.decider(), str(ours))
    else:
        release(world.decider(), str(ours), LONDON, at="now")
        world.planner.plan_due()
        world.clock.move(minutes=20)
        world.send_due()

    assert 1 == room(world).log_settled()
    assert ("cancelled" if chosen == "withdrawn" else "sent") == world.state(ours)
    with world.store.read() as session:
        # Ours is never taken for the other, nor the other for ours.
        assert 1 + (chosen == "released") == len(log.rows(session))


def test_nothing_made_by_hand_is_taken_down_from_here(world):
    """It is not the bot's to delete."""
    posted(world)
    room(world).log_settled()
    (row,) = logged(world)

    with pytest.raises(NotAllowed, match="made by hand"):
        takedown.decide(world.decider(), f"P{row.post_id}")
    assert [True] == [one["by_hand"] for one in log_rows(world)]
    assert not world.x.gone
