"""What the real `bot run` does first after an unclean stop, with the usual waiting times."""

import time

import pytest
from crash.rig import Rig
from crash.waiting import all_sent, copies, wait_until
from faults.scoreboard import record

from bot.model.delivery import State

USUAL_LOOKS = "15s,1m,5m,15m"


@pytest.fixture
def rig():
    with Rig(CONFIRM_AFTER=USUAL_LOOKS) as made:
        yield made


def seconds_to(rig, first, began):
    record("killed, then started", 1, trials=1, copies=copies(rig), lost=0, shown=0, seconds=first)
    return time.monotonic() - began


def test_a_claim_without_an_attempt_waits_again_at_once(rig):
    """It is the first thing to leave, and does not wait for its lease."""
    rig.write_posts(1, to="x")
    with rig.life("after claim") as life:
        assert life.says_it_runs()
        assert life.ended_by_itself(20)
    assert {State.SENDING} == rig.states()
    assert [] == rig.accepted()
    with rig.life() as life:
        assert life.says_it_runs()
        began = time.monotonic()
        wait_until(lambda: all_sent(rig))
        took = seconds_to(rig, rig.first_write(life), began)

    assert 1 == len(rig.accepted())
    assert took < 10, "it has waited for something"


def test_what_may_be_out_is_looked_up_first_thing(rig):
    """Not fifteen seconds after the request, as for a line that broke; other posts go on."""
    rig.write_posts(1, to="facebook")
    with rig.life("request out") as life:
        assert life.says_it_runs()
        assert life.ended_by_itself(20)
    wait_until(lambda: len(rig.accepted()) == 1)
    assert {State.SENDING} == rig.states()
    rig.write_posts(1)
    with rig.life() as life:
        assert life.says_it_runs()
        began = time.monotonic()
        wait_until(lambda: len(rig.rows()) == 3 and all_sent(rig))
        took = seconds_to(rig, rig.first_write(life), began)

    assert 3 == len(rig.accepted())
    assert 0 == copies(rig)
    assert took < 10, "it has waited for something"
