"""Some weeks of a busy group on the sandbox: every figure is what its own ledger comes to.

The same as `bench/year`, which lives a whole year.
"""

from collections import Counter
from datetime import timedelta

import pytest
from world import QUICK_DISK

from bench import sandbox_life, year_check, year_reckoning
from bench.group_year import Year
from bot.engagement import cadence
from bot.settings import Settings
from bot.store import retention

TIME_SCALE = 0.05


@pytest.fixture(scope="module")
def lived():
    """Two weeks with two posts a day, until nothing is counted any more."""
    with sandbox_life.begun(TIME_SCALE, folder=str(QUICK_DISK)) as life:
        year = Year(life, days=12, posts_a_day=2)
        year.live()
        yield year, year_check.moments(life.bot)


def test_the_figures_are_those_of_the_ledger_also_after_purge_and_rollup(lived):
    """To the last count: at the end, fourteen months on, and with the tallies made anew."""
    year, moments = lived
    bot = year.life.bot
    posts = year_reckoning.of_year(year, moments, TIME_SCALE)
    kinds = Counter(
        kind
        for one in posts
        for kind, is_so in {
            "by hand": one.planned is None,
            "thread": len(one.parts) > 1,
            "gone": any(part.deleted_at for part in one.parts),
            "counted": bool(one.values),
        }.items()
        if is_so
    )
    assert {"by hand", "thread", "gone", "counted"} <= kinds.keys()
    compared, wrong = year_check.differences(bot, posts)
    assert (compared > 4_000, []) == (True, wrong)

    before = year_check.snapshots(bot)
    year.life.travel.move_to(sandbox_life.now() + timedelta(days=425))
    went = retention.purge(bot.store, sandbox_life.now(), dry_run=False)["counts"]
    assert 0 < went == before - year_check.snapshots(bot)
    assert [] == year_check.differences(bot, posts)[1]
    year_check.rolled_up_anew(bot)
    assert [] == year_check.differences(bot, posts)[1]


def test_each_post_was_read_at_its_ages_and_at_no_other_time(lived):
    """Those the settings name, and later ones while it moved; none after it was noticed gone."""
    year, moments = lived
    named = Settings().count_after
    ages = [*named, *cadence.later_than(max(named))]
    lives = Counter()
    for entry in year.life.sandbox.ledger.posts():
        read = [at - entry.accepted_at for at in moments[entry.remote_id]]
        if entry.by_hand:
            # Logged an hour after, or later; from then on like any other.
            read = read[1:]
        # What an answer was lost of is known some seconds later.
        expected = [min(ages, key=lambda age, at=at: abs(age - at)) for at in read]
        off = [abs(one - at) for one, at in zip(expected, read, strict=True)]
        assert max(off, default=timedelta(0)) <= timedelta(minutes=16)
        assert expected == sorted(set(expected))
        lives[len(read)] += 1
        if entry.deleted_at is None and not entry.by_hand:
            assert expected == ages[: len(read)]
            assert len(read) >= len(named)
    assert len(ages) in lives


def test_what_somebody_else_was_quicker_with_is_logged_once_ours_is_withdrawn(lived):
    """So that totals match the page: nothing of ours says it, and it is there."""
    year, moments = lived
    quicker = {number for _, number in year.twins}
    entries = [
        entry for entry in year.life.sandbox.ledger.posts() if "Somebody is quicker." in entry.text
    ]

    assert len(quicker) == len(entries) > 0
    assert all(entry.by_hand and moments[entry.remote_id] for entry in entries)
