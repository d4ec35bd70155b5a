"""The accounts' own counts: one row a day, at a price that is known and paid once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.engagement.ownpage import OwnPages
from bot.platforms.contract import AccountCounts, Unreadable
from bot.store import charges, engagement


@pytest.fixture
def pages(world):
    """The room, which remembers what it could not read, on the day after the Accounts were met."""
    for name in ("x", "facebook"):
        world.change_account(name, created_at=world.clock() - timedelta(days=1))
    world.x.own_counts = AccountCounts(followers=10, posts=4, cost=Decimal("0.01"))
    world.facebook.own_counts = AccountCounts(followers=20, page_views=3)
    return OwnPages(world.store, world.clock, world.by_id, world.limits.monthly_budgets)


def days(world, name="x"):
    with world.store.read() as session:
        return [
            (row.day, row.followers, row.posts, row.page_views)
            for row in engagement.account_days(session, [world.ids[name]], date.min, date.max)
        ]


def spent(world):
    with world.store.read() as session:
        long_ago = world.clock() - timedelta(days=9)
        return charges.spent_between(session, world.ids["x"], long_ago)


def test_each_account_is_counted_once_a_day(world, pages):
    """By the UTC day, like what it costs."""
    assert [2, 0] == [pages.count_due(), pages.count_due()]
    world.clock.move(hours=12)
    world.x.own_counts = AccountCounts(followers=11, cost=Decimal("0.01"))

    assert 2 == pages.count_due()
    assert [(date(2026, 12, 1), 10, 4, None), (date(2026, 12, 2), 11, None, None)] == days(world)
    assert (date(2026, 12, 1), 20, None, 3) == days(world, "facebook")[0]
    assert Decimal("0.02") == spent(world)


def test_the_day_an_account_is_met_is_not_counted(world, pages):
    """Whoever tries the bot out pays for the posts alone."""
    world.change_account("x", created_at=world.clock().replace(hour=0))

    assert 1 == pages.count_due()
    world.clock.move(hours=12)
    assert 2 == pages.count_due()


def test_a_check_of_the_same_day_has_paid_for_it(world, pages):
    """Both read the profile."""
    with world.store.write() as session:
        price = {charges.PROFILE: Decimal("0.01")}
        charges.record_readings(session, world.ids["x"], "check", price, world.clock())

    assert 2 == pages.count_due()
    assert Decimal("0.01") == spent(world)


@pytest.mark.parametrize("trouble", [Unreadable("Busy."), ValueError("odd")])
def test_what_cannot_be_read_is_tried_again_in_an_hour(world, pages, trouble):
    """No row with zeros, and the other account is counted meanwhile."""
    world.x.unreadable = trouble

    assert [1, 0] == [pages.count_due(), pages.count_due()]
    assert [] == days(world)
    world.x.unreadable = None
    world.clock.move(minutes=61)
    assert 1 == pages.count_due()


def test_no_reading_beyond_the_money_or_while_parked_or_off(world, pages):
    """Counting an account is the least important thing it pays for."""
    pages.budgets = {world.ids["x"]: Decimal("0.01")}
    world.change_account("facebook", parked_until=world.clock() + timedelta(hours=1))
    with world.store.write() as session:
        charges.record(session, world.ids["x"], "post", Decimal("0.01"), world.clock())
    assert 0 == pages.count_due()
    world.clock.move(hours=2)
    world.facebook.missing_settings = ("FACEBOOK_PAGE_TOKEN",)

    assert 0 == pages.count_due()
