"""What may go wrong in one run, as numbers drawn from its seed.

What no publisher could survive is left out, and said so: a Platform that hides a post for good also
refuses its duplicate; so does one whose posts are watched by a clock that jumps.
"""

from dataclasses import dataclass
from random import Random

MINUTE = 60.0
HOUR = 60 * MINUTE
# Listed at most this late, and accepted at most that long after the line was cut.
LISTED_WITHIN = 10 * MINUTE
ACCEPTED_WITHIN = 2 * MINUTE
ENDS = (
    "cut and accepted",
    "cut and not accepted",
    "cut and accepted late",
    "raises",
    "not reached",
    "rate limited",
    "blocked",
    "refused",
)


@dataclass(frozen=True, slots=True)
class Weather:
    """Chances per point or per call, and habits of the two Platforms."""

    heartbeats: int
    eagerness: float
    crash: float
    stall: float
    disk: float
    jump: float
    bad_end: float
    ends: tuple[float, ...]
    bad_look: float
    late_listing: float
    hides: float
    bad_upload: float
    x_refuses: bool
    page_refuses_last: bool
    decisions: int
    posts: int
    hours: float
    approval: bool
    twins: bool


CALM = 0.3


def fair(*, approval: bool, x_refuses: bool) -> Weather:
    """Nothing goes wrong by itself; lists are late half of the time."""
    return Weather(
        heartbeats=1,
        eagerness=0.6,
        crash=0.0,
        stall=0.0,
        disk=0.0,
        jump=0.0,
        bad_end=0.0,
        ends=(1.0,) + (0.0,) * (len(ENDS) - 1),
        bad_look=0.0,
        late_listing=0.5,
        hides=0.0,
        bad_upload=0.0,
        x_refuses=x_refuses,
        page_refuses_last=True,
        decisions=0,
        posts=0,
        hours=0.0,
        approval=approval,
        twins=False,
    )


def _maybe(rng: Random, most: float) -> float:
    """Nothing at all in some runs, so that faults also meet one at a time."""
    return 0.0 if rng.random() < CALM else rng.random() * most


def drawn(rng: Random) -> Weather:
    """One run's weather."""
    jump = _maybe(rng, 0.004) if rng.random() < 0.4 else 0.0
    hides = _maybe(rng, 0.3) if rng.random() < 0.4 else 0.0
    refuses = jump > 0 or hides > 0 or rng.random() < 0.4
    return Weather(
        heartbeats=1 if rng.random() < 0.6 else 2,
        eagerness=rng.choice((0.2, 0.6, 0.95)),
        crash=_maybe(rng, 0.03),
        stall=_maybe(rng, 0.02),
        disk=_maybe(rng, 0.04),
        jump=jump,
        bad_end=0.0 if rng.random() < 0.15 else 0.2 + 0.8 * rng.random(),
        ends=tuple(rng.random() if rng.random() < 0.5 else 0.0 for _ in ENDS),
        bad_look=_maybe(rng, 0.5),
        late_listing=_maybe(rng, 1.0),
        hides=hides,
        bad_upload=_maybe(rng, 0.2),
        x_refuses=refuses,
        page_refuses_last=rng.random() < 0.5,
        decisions=rng.choice((0, 8, 20)),
        posts=rng.randint(3, 6),
        hours=rng.choice((0.7, 2.0, 6.0)),
        approval=rng.random() < 0.5,
        twins=rng.random() < 0.3,
    )
