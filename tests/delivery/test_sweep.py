"""Finding what is due, one Delivery per Account."""

from datetime import timedelta

from bot.delivery import sweep
from bot.store.roster import On


def test_one_per_account_is_handed_over_at_a_time(world):
    """The rest follows when the first is done."""
    first, second = world.queue(), world.queue()
    other = world.queue(to=("facebook",))

    assert {first, other} == set(world.due())
    assert [] == world.due()
    world.deliver(first)
    assert [second] == world.due()


def test_urgent_goes_first_then_the_longest_due(world):
    """And of two with one time, the older post."""
    later, third = world.queue(), world.queue()
    world.clock.move(minutes=-1)
    early = world.queue()
    world.clock.move(minutes=1)
    urgent = world.queue(urgent=True)

    assert [urgent, early, later, third] == world.send_due()


def test_a_hint_that_was_lost_is_given_again_after_half_a_minute(world):
    """A worker that took it and vanished loses nothing."""
    delivery_id = world.queue()

    assert [delivery_id] == world.due()
    world.clock.move(seconds=30)
    assert [] == world.due()
    world.clock.move(seconds=1)
    assert [delivery_id] == world.due()


def test_a_hint_from_the_future_is_no_hint(world):
    """The clock was set back."""
    delivery_id = world.queue()
    assert [delivery_id] == world.due()
    world.clock.move(minutes=-1)
    world.change(delivery_id, due_at=world.clock())

    assert [delivery_id] == world.due()


def test_hints_of_a_heartbeat_that_is_gone_are_forgotten_at_start(world):
    """A restart does not wait for them."""
    delivery_id = world.queue()
    world.due()
    sweep.forget(world.store)

    assert [delivery_id] == world.due()


def test_nothing_is_written_while_nothing_is_due(world):
    """An idle bot only reads."""
    world.queue(at=(world.clock() + timedelta(hours=1)).replace(tzinfo=None))

    def refuse():
        raise AssertionError("it wrote")

    world.store.write, write = refuse, world.store.write
    try:
        assert [] == world.due()
    finally:
        world.store.write = write


def test_a_doubled_hint_sends_nothing_twice(world):
    """The row decides."""
    delivery_id = world.queue()

    assert world.deliver(delivery_id)
    assert not world.deliver(delivery_id)
    assert 1 == len(world.x.ledger)


def test_only_accounts_that_are_on_are_swept(world):
    """The others' posts wait."""
    world.queue()

    assert [] == sweep.due(world.store, world.clock, On(ids=frozenset({world.ids["facebook"]})))
