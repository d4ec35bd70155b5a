"""How far a figure may be luck: an interval for a median, and a test of two groups.

Both go by ranks alone, need no guess at how views are spread, and have no random numbers in them,
so that the same posts always give the same answer. A bootstrap would need thousands of draws for
each hour of the week and is too sure of itself with few posts.
"""

import math
from collections.abc import Sequence
from itertools import combinations

EXACT_UP_TO = 20_000


def median_interval(values: Sequence[int], confidence: float) -> tuple[int, int] | None:
    """The narrowest pair of order statistics that holds the median with that confidence.

    None where even the least and the most do not: too few posts. The count of values below the
    true median is binomial with a half, whatever the values are (Hollander and Wolfe, the sign
    test's interval).
    """
    ordered, n = sorted(values), len(values)
    outside, best = 0.0, None
    for k in range(n // 2):
        outside += _two_tails(n, k)
        if 1 - outside < confidence:
            break
        best = (ordered[k], ordered[n - 1 - k])
    return best


def _two_tails(n: int, k: int) -> float:
    """Twice the chance of exactly k of n, by logarithms: 2**n may be beyond a float."""
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2)
    return 2 * math.exp(log)


def rank_test(ours: Sequence[int], theirs: Sequence[int]) -> float:
    """How often shuffling alone would part two groups as far (two-sided, 0 to 1).

    A permutation test on the sum of ranks: every way to deal the values where they are few,
    otherwise the usual normal approximation with ties accounted for (Wilcoxon, Mann, Whitney).
    """
    if not ours or not theirs:
        return 1.0
    ranks = _ranks([*ours, *theirs])
    n, m = len(ours), len(theirs)
    expected = n * (n + m + 1) / 2
    off = abs(sum(ranks[:n]) - expected)
    if math.comb(n + m, n) > EXACT_UP_TO:
        return _approximate(ranks, n, m, off)
    dealt = [abs(sum(hand) - expected) >= off for hand in combinations(ranks, n)]
    return sum(dealt) / len(dealt)


def _ranks(values: Sequence[int]) -> list[float]:
    """Places in order from 1; equal values share the middle of theirs."""
    places: dict[int, list[int]] = {}
    for place, value in enumerate(sorted(values), 1):
        places.setdefault(value, []).append(place)
    return [(places[value][0] + places[value][-1]) / 2 for value in values]


def _approximate(ranks: Sequence[float], n: int, m: int, off: float) -> float:
    middle = (n + m + 1) / 2
    spread = sum((rank - middle) ** 2 for rank in ranks) * n * m / ((n + m) * (n + m - 1))
    if spread == 0:
        return 1.0
    return math.erfc(max(0.0, off - 0.5) / math.sqrt(2 * spread))
