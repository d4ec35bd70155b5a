"""Which campaigns and labels there are."""

import pytest

from bot.store import listing


@pytest.mark.parametrize("posts", [0, 1, 40])
def test_every_campaign_and_label_is_named_once_in_order(world, posts):
    """However many posts have it; a post without either adds none."""
    for n in range(posts):
        world.queue(f"Post {n}.", campaign=f"c{n % 3}", labels=(f"l{n % 4}", "all"))
        world.queue(f"Bare {n}.")

    with world.store.read() as session:
        campaigns, labels = listing.filed_under(session)

    assert campaigns == sorted({f"c{n % 3}" for n in range(posts)})
    assert labels == sorted({f"l{n % 4}" for n in range(posts)} | ({"all"} if posts else set()))
