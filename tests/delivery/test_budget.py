"""Who goes without first when the month's money runs low, and when it comes back."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from bot.decisions.release import release
from bot.delivery.budget import Budgets
from bot.model.post import Post
from bot.store import charges

LIMIT = Decimal("1.00")


@pytest.fixture
def poor(world):
    """X costs ten cents a post, of one dollar a month; spacing is out of the way."""
    world.x.cost = Decimal("0.10")
    world.limit(monthly_budgets={world.ids["x"]: LIMIT}, spacing=timedelta(0))
    return world


def spend(world, dollars):
    with world.store.write() as session:
        charges.record(session, world.ids["x"], "post", Decimal(dollars), world.clock())


def article(world, **fields):
    """A post that came from a feed."""
    delivery_id = world.queue(**fields)
    with world.store.write() as session:
        session.execute(
            update(Post).where(Post.id == world.row(delivery_id).post_id).values(source="feed")
        )
    return delivery_id


def holds(world, delivery_id):
    return world.state(delivery_id), set(world.row(delivery_id).holds)


def budgets(world):
    return Budgets(world.store, world.clock, world.by_id, world.limits.monthly_budgets)


def test_articles_leave_the_last_tenth_to_what_people_wrote(poor):
    """Ninety cents gone: the article waits, the volunteer's post still goes."""
    spend(poor, "0.85")
    feed, typed = article(poor), poor.queue()
    poor.send_due()

    assert ("held", {"budget"}) == holds(poor, feed)
    assert "kept for posts that people wrote" in poor.row(feed).reason
    assert ("sent", set()) == holds(poor, typed)


def test_an_urgent_article_is_no_luxury(poor):
    """It may spend what any post may."""
    spend(poor, "0.85")
    urgent = article(poor, urgent=True)
    poor.send_due()

    assert "sent" == poor.state(urgent)


@pytest.mark.parametrize("urgent", [False, True])
def test_beyond_the_money_a_person_may_let_it_go_all_the_same(poor, urgent):
    """The release is a decision; the gate does not ask again."""
    spend(poor, "0.95")
    delivery_id = poor.queue(urgent=urgent)
    poor.send_due()
    reason = poor.row(delivery_id).reason
    release(poor.decider(), str(delivery_id), poor.planner.zone)
    poor.send_due()

    assert f"bot release {delivery_id}" in reason
    assert urgent == ("It is urgent" in reason)
    assert "sent" == poor.state(delivery_id)


def test_a_new_month_lifts_the_hold_and_sends_nothing_by_itself(poor):
    """Whose time went by is missed; whose time is ahead goes as typed."""
    poor.clock.move(days=30, hours=11)
    spend(poor, "1.00")
    gone_by = poor.queue()
    poor.send_due()
    assert 0 == budgets(poor).lift()

    poor.clock.move(hours=4)
    assert 1 == budgets(poor).lift()
    assert ("waiting", set()) == holds(poor, gone_by)
    poor.send_due()
    assert ("held", {"missed"}) == holds(poor, gone_by)
    assert [] == poor.x.texts()


def test_a_thread_half_out_is_finished_whatever_it_costs(poor):
    """A reader must not be left in the middle of a sentence."""
    poor.limit(monthly_budgets={poor.ids["x"]: Decimal("0.15")})
    words = "One half of what we say. " * 9 + "\n\n" + "The other half of it. " * 9
    delivery_id = poor.queue(words, thread=True)
    poor.send_due()
    assert ("held", {"budget"}) == holds(poor, delivery_id)

    poor.limit(monthly_budgets={poor.ids["x"]: Decimal("0.25")})
    budgets(poor).lift()
    poor.send_due()
    assert "sent" == poor.state(delivery_id)


def test_what_a_look_reads_is_charged(poor):
    """Two own posts listed at a tenth of a cent each."""
    from bot.platforms.contract import Unknown

    poor.x.rules = replace(poor.x.rules, own_read_price=Decimal("0.001"))
    poor.queue()
    poor.x.script.append(Unknown("cut"))
    poor.send_due()
    poor.x.publish("by hand", by_hand=True)
    poor.clock.move(seconds=15)
    poor.look()

    with poor.store.read() as session:
        since = poor.clock() - timedelta(days=1)
        assert Decimal("0.001") == charges.spent_between(session, poor.ids["x"], since)
