"""What the real `bot run` does first after an unclean stop."""

import pytest
from crash.rig import Rig
from crash.waiting import all_sent, copies, wait_until
from faults.scoreboard import record

from bot.model.delivery import State

# With these a start that waits for anything does so for over a minute.
SLOW = {"CONFIRM_AFTER": "90s,5m", "SEND_TIMEOUT_SECONDS": "20"}
AT_ONCE_SECONDS = 45


@pytest.fixture(params=["sqlite", "postgresql"])
def rig(request):
    """On SQLite its lock tells a new start that it is alone; on PostgreSQL others may be there."""
    url = request.getfixturevalue("shared_url") if request.param == "postgresql" else None
    with Rig(url, **SLOW) as made:
        yield made


def score(rig, seconds):
    copied = copies(rig)
    record("killed, then started", 1, trials=1, copies=copied, lost=0, shown=0, seconds=seconds)


def test_a_claim_without_an_attempt_waits_again_at_once(rig):
    """It is the first thing to leave, and does not wait for its lease."""
    rig.write_posts(1, to="x", pictured=True)
    with rig.life("after claim") as life:
        assert life.says_it_runs()
        assert life.ended_by_itself(20)
    assert {State.SENDING} == rig.states()
    assert [] == rig.accepted()
    with rig.life() as life:
        assert life.says_it_runs()
        wait_until(lambda: all_sent(rig), AT_ONCE_SECONDS)
        score(rig, rig.first_write(life))

    assert 1 == len(rig.accepted())


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
        wait_until(lambda: len(rig.rows()) == 3 and all_sent(rig), AT_ONCE_SECONDS)
        score(rig, rig.first_write(life))

    assert 3 == len(rig.accepted())
    assert 0 == copies(rig)
