"""What several fault tests ask of a rig: to wait for a condition, and how many copies are out."""

import time
from collections import Counter
from collections.abc import Callable

from crash.rig import Rig

from bot.model.delivery import State


def wait_until(met: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for a condition, not for a time."""
    give_up_at = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < give_up_at, "it did not come about"
        time.sleep(0.05)


def all_sent(rig: Rig) -> bool:
    """Whether everything is out; what a person is asked is answered."""
    rig.answer_as_a_person()
    return rig.states() == {State.SENT}


def copies(rig: Rig) -> int:
    """Posts in the ledger beyond the first of their kind."""
    counts = Counter((entry.platform, entry.text) for entry in rig.accepted())
    return sum(counts.values()) - len(counts)
