"""What doctor says of the month's money, and what counting does without it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.alerts import money
from bot.platforms.contract import Counts
from bot.store import charges

TITLES = {"x": "X", "facebook": "Facebook"}
LONDON = ZoneInfo("Europe/London")


def told(world: Any) -> money.Finding:
    """The finding at this moment."""
    limits = world.limits.monthly_budgets
    return money.spent(world.store, world.clock(), LONDON, limits, TITLES)


def pay(world: Any, dollars: str) -> None:
    """Something else is paid for."""
    with world.store.write() as session:
        charges.record(session, world.ids["x"], "check", Decimal(dollars), world.clock())


@pytest.mark.parametrize(
    ("spent", "says"),
    [
        ("7.99", "It is enough."),
        ("8.00", "no post of it is counted more than once a day"),
        ("10.00", "none of its posts is counted, and those that cost money wait"),
    ],
)
def test_money_that_runs_low_is_said(world: Any, spent: str, says: str) -> None:
    """With what goes without and until when; it is no trouble by itself."""
    world.limit(monthly_budgets={world.ids["x"]: Decimal(10)})
    pay(world, spent)
    found = told(world)

    assert (True, spent != "7.99") == (found.ok, found.note)
    assert says in found.says
    if found.note:
        assert f"X has spent ${spent} of the month's $10.00" in found.says
        assert "Friday 1 January 2027" in found.says


def test_when_the_money_is_spent_counting_stops_and_free_posts_go_on(world: Any) -> None:
    """Until the next month; the other account is counted as ever."""
    world.limit(monthly_budgets={world.ids["x"]: Decimal(1)})
    ours = world.queue(to=("x", "facebook"))
    world.send_due()
    pay(world, "1.00")
    for platform in (world.x, world.facebook):
        platform.known_counts[platform.ledger[0].remote_id] = Counts(views=1)
    world.clock.move(hours=1)

    assert 1 == world.collector.collect_due()
    assert (0, 1) == (world.x.readings, world.facebook.readings)
    assert datetime(2027, 1, 1, tzinfo=UTC) == world.row(ours).next_count_at
    later = world.queue()
    world.send_due()
    assert "sent" == world.state(later)
    world.clock.now = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=1)
    assert world.collector.collect_due() >= 1
    assert "It is enough." == told(world).says
