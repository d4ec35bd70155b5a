"""How far a figure may be luck: intervals and tests held against the slow, plain way."""

import random
from itertools import combinations
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.figures import chance
from bot.reports.figures.chance import median_interval, rank_test

few = st.lists(st.integers(0, 30), min_size=1, max_size=6)


@given(few, few)
def test_the_rank_test_deals_every_hand(ours: list[int], theirs: list[int]) -> None:
    """The share of all ways to deal the values that part them as far, by sums of wins."""

    def apart(hand: list[int], rest: list[int]) -> float:
        wins = sum((a > b) + 0.5 * (a == b) for a in hand for b in rest)
        return abs(wins - len(hand) * len(rest) / 2)

    values = [*ours, *theirs]
    places = range(len(values))
    far = apart(ours, theirs)
    dealt = [
        apart([values[k] for k in hand], [values[k] for k in places if k not in hand]) >= far
        for hand in combinations(places, len(ours))
    ]

    assert sum(dealt) / len(dealt) == pytest.approx(rank_test(ours, theirs))


def test_the_approximation_agrees_with_every_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Near enough where both can be made."""
    dealt = random.Random(3)
    for shift in (0, 5, 15, 30):
        ours = [dealt.randrange(60) for _ in range(8)]
        theirs = [dealt.randrange(60) + shift for _ in range(9)]
        monkeypatch.setattr(chance, "EXACT_UP_TO", 50_000)
        exact = rank_test(ours, theirs)
        monkeypatch.setattr(chance, "EXACT_UP_TO", 0)
        assert exact == pytest.approx(rank_test(ours, theirs), abs=0.02)


def test_equal_groups_are_never_told_apart() -> None:
    """Nothing differs, so all is chance."""
    assert 1 == rank_test([5] * 3, [5] * 4) == rank_test([5] * 300, [5] * 300)
    assert 1 == rank_test([], [1, 2])


def test_fewer_than_five_values_have_no_interval() -> None:
    """Least and most of four hold the median in 7 cases of 8 only."""
    assert median_interval([1, 2, 3, 4], 0.9) is None
    assert (1, 5) == median_interval([3, 1, 2, 5, 4], 0.9)
    assert (6, 15) == median_interval(list(range(1, 21)), 0.9)


@pytest.mark.parametrize("size", [5, 12, 40])
def test_an_interval_holds_the_median_as_often_as_it_says(size: int) -> None:
    """Of 2,000 samples with a known median, at least nine in ten (less three standard errors)."""
    dealt = random.Random(size)
    held = 0
    for _ in range(2_000):
        interval = median_interval([dealt.randrange(10_001) for _ in range(size)], 0.9)
        assert interval is not None
        held += interval[0] <= 5_000 <= interval[1]

    assert held / 2_000 >= 0.9 - 3 * (0.09 / 2_000) ** 0.5


@given(st.lists(st.integers(0, 10**9), min_size=5, max_size=2_000))
def test_an_interval_lies_around_the_samples_own_median(values: list[int]) -> None:
    """And grows with the confidence, up to thousands of values."""
    narrow, wide = median_interval(values, 0.5), median_interval(values, 0.9)

    assert narrow is not None
    assert wide is not None
    assert wide[0] <= narrow[0] <= median(values) <= narrow[1] <= wide[1]
