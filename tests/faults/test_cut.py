"""The line is cut after k bytes, of the request or of the answer, for every k.

Every k is tried with the real clients here; the whole story, in the rooms, is tried for some of
them: every 41st, and every fifth when `bench/faults` runs this.
"""

import os
import time

import pytest
from faults.stage import Tally, score

from bot.platforms.contract import NotReached, PartContent, Prepared, Sent, Unknown

BOTH = pytest.mark.parametrize("name", ["x", "facebook"])
BENCH = bool(os.environ.get("FAULT_SCORES"))
STEP = 5 if BENCH else 41
CUT_BEFORE, CUT_AFTER = 3, 2


def some(length):
    """Of all cuts those that are told to the end: first, last, and a step apart."""
    return sorted({*range(0, length, STEP), length - 1})


def lengths(stage, proxy, name):
    """How many bytes a whole request and its whole answer have, give or take a few."""
    stage.post(name, "Measured.")
    stage.run()
    stage.clear()
    until = time.monotonic() + 20
    while not (proxy.longest and proxy.longest_reply) and time.monotonic() < until:
        time.sleep(0.01)  # both ends of the line are carried by threads of their own
    assert proxy.longest > 300
    assert proxy.longest_reply > 100
    return proxy.longest, proxy.longest_reply


@BOTH
def test_a_request_cut_at_any_byte_is_never_taken_for_an_answer(behind, proxy, name):
    """Unknown once a byte may have left; not reached only where the line died before."""
    platform = behind.platforms[behind.world.ids[name]]
    length, _ = lengths(behind, proxy, name)
    for count in range(length):
        proxy.cuts.append((count, count % 2 == 0))
        outcome = platform.send(PartContent("Measured."), reply_to=None, prepared=Prepared())
        assert isinstance(outcome, Unknown) or (count == 0 and isinstance(outcome, NotReached))
    assert [] == behind.entries(name)
    sent = platform.send(PartContent("Measured."), reply_to=None, prepared=Prepared())
    assert isinstance(sent, Sent)


@pytest.mark.timeout(1200)
@BOTH
def test_a_request_cut_before_its_end_leaves_at_most_one_copy(behind, proxy, name):
    """Sent again only by X, which refuses duplicates, after four looks; else a person is asked."""
    length, _ = lengths(behind, proxy, name)
    found = Tally()
    for count in some(length):
        delivery_id = behind.post(name, "Measured.", again=True)
        proxy.cuts.append((count, count % 2 == 0))
        behind.run()
        found += behind.tally()
        resent = name == "x" or behind.world.outcomes(delivery_id)[0] == "not reached"
        assert ("sent" if resent else "held") == behind.world.state(delivery_id)
        assert int(resent) == len(behind.entries(name))
        behind.clear()
    score("cut before the end", CUT_BEFORE, found)
    assert (found.copies, found.lost, found.trials) == (0, 0, len(some(length)))


@pytest.mark.timeout(1200)
@BOTH
@pytest.mark.parametrize("reset", [False, True])
def test_an_answer_cut_at_any_byte_is_found_and_sent_once(stage, behind, proxy, name, reset):
    """Inside the status, the headers or the body; the first look finds it."""
    _, length = lengths(behind, proxy, name)
    found = Tally()
    # Counters among the headers lose a digit now and then, and a whole answer is no cut one.
    for count in some(length - 4):
        delivery_id = stage.post(name, "Measured.", again=True)
        stage.sandbox.fault(name, "cut_at", bytes=count, reset=reset)
        stage.run()
        found += stage.tally()
        assert ("sent", 1) == (stage.world.state(delivery_id), stage.writes(name))
        assert "unknown" == stage.world.outcomes(delivery_id)[0]
        stage.clear()
    score("cut after acceptance", CUT_AFTER, found)
    assert (found.copies, found.lost, found.seconds) == (0, 0, 15)
