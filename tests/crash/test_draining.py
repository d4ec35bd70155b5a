"""SIGTERM: no new request leaves, what is under way ends, the rest is free for others at once."""

import signal

import pytest
from crash.rig import Rig
from crash.waiting import copies, wait_until

from bot.model.delivery import State

POSTS = 6
ANSWERED_AFTER_SECONDS = 1.0


@pytest.fixture(params=["a file", "a server"])
def rig(request):
    """One worker with its own threads, and one with the engine."""
    url = None if request.param == "a file" else request.getfixturevalue("shared_url")
    with Rig(url, SEND_TIMEOUT_SECONDS="10") as opened:
        yield opened


def test_a_bot_that_is_told_to_stop_ends_its_requests_and_begins_none(rig):
    """It exits 0; what it held is out, and what waits is nobody's."""
    for platform in ("x", "facebook"):
        rig.sandbox.fault(platform, "late", POSTS, seconds=ANSWERED_AFTER_SECONDS)
    rig.write_posts(POSTS)
    with rig.life() as life:
        assert life.says_it_runs(), rig.log()
        wait_until(lambda: bool(rig.accepted()))
        before = len(rig.accepted())
        life.signal(signal.SIGTERM)
        assert life.ended_by_itself(28), "platforms kill after 30 seconds"

    assert 0 == life.process.returncode
    out = {entry.remote_id for entry in rig.accepted()}
    assert len(out) <= before + 2, "a request left after the signal"
    assert out == rig.remote_ids() - {None}, "a request under way was not waited for"
    assert {State.SENT, State.WAITING} == rig.states()
    assert 0 == copies(rig)
