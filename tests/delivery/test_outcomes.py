"""What each Outcome does to its Delivery, its Account and the record."""

from datetime import timedelta
from decimal import Decimal

import pytest
from scripted_platform import Accept

from bot.platforms.contract import (
    AccountBlocked,
    Detail,
    NotReached,
    RateLimited,
    Refused,
    Sent,
    Unknown,
)
from bot.store import charges
from bot.store.engine import Store


def test_refused_content_fails_with_the_platforms_reason(world):
    """A person must change it; nothing is tried again by itself."""
    delivery_id = world.queue()
    world.x.script.append(Refused("Too rude.", detail=Detail(403, "187", "trace-1")))

    world.send_due()
    world.clock.move(hours=1)
    world.send_due()

    row, attempt = world.row(delivery_id), world.attempts(delivery_id)[0]
    assert ("failed", "Too rude.") == (row.state, row.reason)
    assert (403, "187", "trace-1") == (attempt.status, attempt.code, attempt.trace)
    assert ("Too rude.", world.clock.now - timedelta(hours=1)) == (attempt.reason, attempt.ended_at)
    assert 1 == world.x.requests
    assert row.is_trouble


def test_a_duplicate_refusal_without_a_doubt_before_is_a_refusal(world):
    """Somebody else's twin is there; ours is not, and a person must know."""
    delivery_id = world.queue()
    world.x.script.append(Refused("Already there.", duplicate=True))

    world.send_due()

    assert "failed" == world.state(delivery_id)


@pytest.mark.parametrize(
    ("outcome", "minutes", "name"),
    [
        (RateLimited(None), 15, "rate limited"),
        (AccountBlocked("Signed out."), 15, "account blocked"),
    ],
)
def test_a_limit_or_block_parks_the_account_for_the_platforms_own_rest(
    world, outcome, minutes, name
):
    """Nothing goes to that Account, no try is counted, and it goes out afterwards."""
    first, second = world.queue(), world.queue(urgent=True)
    world.x.script.append(outcome)

    assert [second] == world.send_due()
    world.clock.move(minutes=minutes, seconds=-1)
    assert [] == world.send_due()
    assert not world.deliver(first)
    account = world.account()
    world.clock.move(seconds=1)
    world.send_due()

    assert (world.clock.now, outcome.reason) == (account.parked_until, account.park_reason)
    assert [name, "sent"] == world.outcomes(second)
    assert ("sent", "sent", 0) == (
        world.state(first),
        world.state(second),
        world.row(second).tries,
    )


def test_facebook_rests_an_hour(world):
    """The rest is data of the Platform."""
    world.queue(to=("facebook",))
    world.facebook.script.append(RateLimited(None))

    world.send_due()

    assert world.clock() + timedelta(hours=1) == world.account("facebook").parked_until


def test_a_stated_time_is_kept_to_the_second(world):
    """The Platform knows best when it will listen again."""
    world.queue()
    until = world.clock() + timedelta(minutes=3, seconds=7)
    world.x.script.append(RateLimited(until))

    world.send_due()

    assert until == world.account().parked_until


def test_a_stated_time_that_has_passed_is_no_leave_to_hammer(world):
    """A reset in the past is taken for none at all."""
    world.queue()
    world.x.script.append(RateLimited(world.clock() - timedelta(seconds=1)))

    world.send_due()

    assert world.clock() + timedelta(minutes=15) == world.account().parked_until
    assert 1 == world.x.requests


def test_a_longer_park_is_kept(world):
    """A short limit does not end a long block."""
    from bot.store import accounts

    far, near = (world.clock() + timedelta(hours=n) for n in (5, 1))
    with world.store.write() as session:
        accounts.park(session, world.ids["x"], far, "long", blocked=False)
        accounts.park(session, world.ids["x"], near, "short", blocked=False)

    assert (far, "long") == (world.account().parked_until, world.account().park_reason)


def test_other_accounts_go_on_while_one_is_parked(world):
    """An X limit is no reason to be late on Facebook."""
    world.queue(to=("x",))
    world.queue(to=("facebook",))
    world.x.script.append(RateLimited(None))

    world.send_due()

    assert (0, 1) == (len(world.x.ledger), len(world.facebook.ledger))


def test_a_park_outlives_a_restart(world, database_url):
    """It is a column, not a memory."""
    delivery_id = world.queue()
    world.x.script.append(RateLimited(None))
    world.send_due()

    world.store = Store(database_url, world.clock)
    try:
        assert [] == world.due()
        assert not world.deliver(delivery_id)
    finally:
        world.store.close()


def test_what_reached_nobody_is_tried_again_ever_more_slowly(world):
    """After 30 s, 2 min, 10 min, then every 30 min; it uses up nothing."""
    delivery_id = world.queue()
    waits = []
    for _ in range(5):
        world.x.script.append(NotReached("no line"))
        world.send_due()
        waits.append(world.row(delivery_id).not_before - world.clock())
        world.clock.now = world.row(delivery_id).not_before - timedelta(seconds=1)
        assert [] == world.due()
        world.clock.move(seconds=1)
    world.send_due()

    assert [30, 120, 600, 1800, 1800] == [wait.total_seconds() for wait in waits]
    assert ("sent", 0) == (world.state(delivery_id), world.row(delivery_id).tries)


def test_what_reaches_nobody_for_too_long_is_shown_to_a_person(world):
    """Never late without saying so."""
    delivery_id = world.queue()
    for _ in range(12):
        world.x.script.append(NotReached("no line"))
        world.send_due()
        world.clock.move(minutes=31)

    row = world.row(delivery_id)
    assert ("held", {"missed"}) == (row.state, row.holds)


def test_an_unknown_end_is_a_doubt_with_a_first_look_after_fifteen_seconds(world):
    """Never a retry: the post may be public."""
    delivery_id = world.queue()
    world.x.script.append(Accept(then=Unknown("The line went dead.")))

    world.send_due()

    row = world.row(delivery_id)
    assert ("unconfirmed", "The line went dead.") == (row.state, row.reason)
    assert world.clock() + timedelta(seconds=15) == row.next_look_at
    assert 1 == world.x.requests


def test_what_a_platform_says_fits_the_database_however_long_or_odd(world):
    """An answer with NUL characters or a book in it must not lose the Outcome."""
    delivery_id = world.queue()
    odd = "no\0" + "!" * 5000
    world.x.script.append(Refused(odd, detail=Detail(403, odd, odd)))

    world.send_due()

    attempt = world.attempts(delivery_id)[0]
    assert ("failed", "refused") == (world.state(delivery_id), attempt.outcome)
    assert (1000, 100, 200) == (len(attempt.reason), len(attempt.code), len(attempt.trace))


def test_the_price_is_charged_once_the_post_is_out(world):
    """By the Platform's dated price, for what was published only."""
    world.x.cost = Decimal("0.2")
    world.queue()
    world.queue()
    world.x.script.extend([Refused("No."), Sent("12345", "https://example.org/status/12345")])
    world.limit(spacing=timedelta(0))

    world.send_due()

    with world.store.read() as session:
        since = world.clock() - timedelta(days=1)
        assert Decimal("0.2") == charges.spent_between(session, world.ids["x"], since)


def test_nothing_is_counted_when_no_ages_are_set(world):
    """COUNT_AFTER may be empty."""
    world.limit(first_count_after=None)
    delivery_id = world.queue()

    world.send_due()

    assert world.row(delivery_id).next_count_at is None
