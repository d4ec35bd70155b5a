"""Made-up counts behave like counts."""

from dataclasses import astuple
from itertools import pairwise

from bot.sandbox import Sandbox
from bot.sandbox.engagement import count

HOURS = [hour * 3_600 for hour in (0, 1, 2, 6, 24, 48, 168, 720)]


def test_counts_only_grow_with_age() -> None:
    """Every count, for many posts."""
    for post in range(50):
        ages = [astuple(count(1, str(post), age)) for age in HOURS]
        for young, old in pairwise(ages):
            assert all(before <= after for before, after in zip(young, old, strict=True))


def test_counts_start_at_nothing_and_come_to_something() -> None:
    """A new post has no views, an old one has."""
    assert sum(astuple(count(1, "5", 0))) == 0
    assert count(1, "5", HOURS[-1]).views > 0


def test_nobody_engages_unseen() -> None:
    """Views are at least viewers and at least engagements."""
    for post in range(200):
        for age in HOURS:
            counts = count(3, str(post), age)
            assert counts.views >= counts.viewers
            assert counts.views >= counts.engagements


def test_counts_depend_on_seed_post_and_age_alone() -> None:
    """The same three give the same counts."""
    assert count(1, "5", 9_999) == count(1, "5", 9_999)
    assert count(1, "5", 9_999) != count(2, "5", 9_999)
    assert count(1, "5", 9_999) != count(1, "6", 9_999)


def test_a_time_scale_ages_posts_faster() -> None:
    """For the demo, a second may be an hour."""
    quick = Sandbox(time_scale=3_600)
    entry = quick.post_by_hand("x", "Solidarity")

    assert count(1, entry.remote_id, 3_600 * 10).views > 0
    assert quick._world.time_scale == 3_600
