"""Made-up but believable engagement: a seeded curve per post that only ever grows.

The same seed, post and age always give the same counts, so a test may name the numbers. Nothing
here learns from real accounts, and no count means anything outside the sandbox.
"""

import functools
import math
import random
from dataclasses import dataclass

HOUR = 3_600.0

# Share of the people who see a post who do each thing. The sum stays far below one, so that
# views are never fewer than engagements.
RATES = {
    "likes": (0.012, 0.06),
    "loves": (0.001, 0.008),
    "replies": (0.001, 0.008),
    "reposts": (0.003, 0.02),
    "quotes": (0.0005, 0.003),
    "bookmarks": (0.001, 0.006),
    "link_clicks": (0.006, 0.03),
    "profile_clicks": (0.002, 0.012),
}


@dataclass(frozen=True)
class Counts:
    """Counts of one post at one age; likes do not include loves."""

    views: int
    viewers: int
    likes: int
    loves: int
    replies: int
    reposts: int
    quotes: int
    bookmarks: int
    link_clicks: int
    profile_clicks: int

    @property
    def engagements(self) -> int:
        """Everything anybody did with the post."""
        counts: list[int] = list(vars(self).values())
        return sum(counts) - self.views - self.viewers


@functools.lru_cache(maxsize=50_000)
def _fate(seed: int, remote_id: str) -> tuple[float, float, dict[str, float]]:
    """How many will see a post in the end, how slowly, and what share does what."""
    chance = random.Random(f"engagement {seed} {remote_id}")
    ceiling = min(60_000.0, chance.lognormvariate(6.3, 0.8))
    slowness = chance.uniform(4 * HOUR, 16 * HOUR)
    shares = {name: chance.uniform(low, high) for name, (low, high) in RATES.items()}
    return ceiling, slowness, {"viewers": chance.uniform(0.6, 0.85), **shares}


def count(seed: int, remote_id: str, age_seconds: float) -> Counts:
    """The counts of a post of that age."""
    ceiling, slowness, shares = _fate(seed, remote_id)
    seen = ceiling * -math.expm1(-max(0.0, age_seconds) / slowness)
    return Counts(views=int(seen), **{name: int(seen * share) for name, share in shares.items()})
