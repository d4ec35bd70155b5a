"""Lives by the hundred keep every promise; a seed that does not is named and replayable."""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simulation.run import simulate

ROOT = Path(__file__).parents[2]
CHUNKS = 12
AT_LEAST = 12
GO_ON_SECONDS = 5.0
# Seeds that once found something; see the unit tests named beside them.
KNOWN_TO_BITE = (46, 241, 3_866_533_134, 3_866_540_140)


def first_seed() -> int:
    """The same in every process of one test run, another in the next."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(time.time_ns())
    return int.from_bytes(hashlib.sha256(run.encode()).digest()[:4])


FIRST = first_seed()


def must_keep_every_promise(seed: int) -> None:
    broken = simulate(seed).violations
    assert not broken, f"bench/simulate --seed {seed} --trace\n" + "\n".join(broken)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_promise_is_kept_whatever_goes_wrong(chunk: int) -> None:
    """At least 144 seeds in all, and as many more as a few seconds hold."""
    began = time.monotonic()
    for n in range(1000):
        if n >= AT_LEAST and time.monotonic() - began > GO_ON_SECONDS:
            break
        must_keep_every_promise(FIRST + chunk * 1000 + n)


@pytest.mark.parametrize("seed", KNOWN_TO_BITE)
def test_a_seed_that_once_broke_a_promise_keeps_it(seed: int) -> None:
    """What was found stays found."""
    must_keep_every_promise(seed)


@pytest.mark.timeout(120)
def test_the_same_seed_is_the_same_run_in_another_process_too() -> None:
    """Else no failure could be looked at."""
    here = simulate(7).digest
    assert here == simulate(7).digest

    command = [sys.executable, "bench/simulate", "--seed", "7"]
    env = {**os.environ, "PYTHONHASHSEED": "1234"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=100)

    assert here[:16] in done.stdout, done.stderr
