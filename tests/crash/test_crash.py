"""The real heartbeat, killed with SIGKILL over and over while posts go out; the ledger decides."""

import os
import random

from crash import deaths
from faults.scoreboard import record

KILLS = 20


def test_twenty_kills_leave_one_copy_of_every_post_and_none_lost():
    """Whatever the moment: after the claim, before, during and after the request."""
    seed = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(10**6)))
    print(f"CRASH_SEED={seed}")
    tolls, strangers = deaths.count(KILLS, seed, side_by_side=2)
    whole = deaths.total(tolls)
    print(deaths.table(tolls))
    times = deaths.median_and_worst(whole.seconds)
    record(
        "killed at every point",
        1,
        trials=whole.kills,
        copies=whole.copies,
        lost=whole.lost,
        shown=whole.shown,
        seconds=times[0] if times else None,
    )

    assert (KILLS, 0, 0, 0) == (whole.kills, whole.copies, whole.lost, strangers)
    assert set(deaths.NAMED) <= set(tolls), "a point was never passed"
    assert whole.in_doubt > 0, "no kill fell into a request: the test proves nothing"
