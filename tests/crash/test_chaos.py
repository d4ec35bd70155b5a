"""Three workers on one PostgreSQL, killed, stopped and cut off in turn; `bench/chaos` at length."""

import os
import random

import pytest
from crash.chaos import Chaos, Fleet
from crash.rig import Rig
from faults.scoreboard import record

POSTS = 30


@pytest.mark.timeout(240)
def test_three_workers_in_trouble_leave_one_copy_of_every_post_and_none_lost(shared_url):
    """Sixty deliveries; whoever is gone, another takes over."""
    seed = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(10**6)))
    print(f"CRASH_SEED={seed}")
    with Rig(shared_url) as rig, Fleet(rig) as fleet:
        chaos = Chaos(fleet, random.Random(seed), standstills=(0.5,))
        toll = chaos.suffer(
            POSTS,
            {
                "killed": chaos.kill,
                "stood still": chaos.stand_still,
                "connections cut": chaos.cut_lines,
                "stopped": chaos.stop_politely,
            },
        )
        slowest = max(max(seconds) for seconds in toll.seconds.values())
        record(
            "three workers in trouble", 11, trials=toll.sent, copies=toll.copies, lost=toll.lost,
            shown=0, seconds=slowest,
        )  # fmt: skip

        assert (2 * POSTS, 0, 0, 0) == (toll.sent, toll.copies, toll.lost, toll.strangers)
        assert 4 == len(toll.seconds), "a kind of trouble never came"
