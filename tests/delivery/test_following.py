"""What a finished delivery hands over: the next one of its own account, and nothing else."""

from bot.delivery import sweep


def test_the_next_of_the_same_account_is_handed_over_once(world):
    """Another account's are left to their own hints."""
    first, second = world.queue(), world.queue()
    world.queue(to=("facebook",))
    world.deliver(first)

    assert [second] == [one.delivery_id for one in sweep.following(world.deliverer, first)]
    assert [] == sweep.following(world.deliverer, first)
    assert second not in world.due()


def test_nothing_follows_while_another_is_on_its_way(world):
    """One at a time for each account."""
    first, second = world.queue(), world.queue()
    world.queue()
    world.deliver(first)
    world.claim(second)

    assert [] == sweep.following(world.deliverer, first)


def test_nothing_follows_on_an_account_without_keys(world, monkeypatch):
    """Another program may have disconnected it meanwhile."""
    first, _ = world.queue(), world.queue()
    world.deliver(first)
    platform = next(iter(world.deliverer.platforms.values()))
    monkeypatch.setattr(platform, "missing_settings", ("X_API_KEY",))

    assert [] == sweep.following(world.deliverer, first)
