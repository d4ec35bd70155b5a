"""Two heartbeats on one database, one of them standing still (SIGSTOP) in the middle of a send."""

import signal
import time

import pytest
from crash.rig import Rig
from crash.waiting import all_sent, copies, wait_until
from faults.scoreboard import record
from sqlalchemy import text

from bot.model.delivery import State

SEND_TIMEOUT_SECONDS = 1
STAND_STILL = [
    ("after claim", "never asked for anything"),
    ("after attempt", "was about to ask"),
    ("before send", "had the line open"),
    ("request out", "had asked, and not read the answer"),
]
# Words alone are claimed and attempted in one transaction.
BETWEEN = ("after claim", "after attempt")


@pytest.fixture
def shared(shared_url):
    """A rig on a PostgreSQL database."""
    with Rig(shared_url, SEND_TIMEOUT_SECONDS=str(SEND_TIMEOUT_SECONDS)) as rig:
        yield rig


def let_the_lease_run_out(rig):
    """What an hour would do: no sign of life from anybody, and every lease over."""
    with rig.bot.store.write() as session:
        session.execute(text("UPDATE worker SET seen_at = seen_at - INTERVAL '1 hour'"))
        session.execute(text("UPDATE delivery SET lease_until = lease_until - INTERVAL '1 hour'"))


@pytest.mark.parametrize(("point", "it"), STAND_STILL)
def test_who_stood_still_past_its_lease_can_neither_send_nor_overwrite(shared, point, it):
    """Another took over; what the first still tells is evidence and nothing more."""
    shared.write_posts(1, to="facebook", pictured=point in BETWEEN)
    with shared.life(point, number=signal.SIGSTOP) as first:
        assert first.says_it_runs()
        first.stands_still()
        stood_still_at = time.monotonic()
        let_the_lease_run_out(shared)
        with shared.life() as second:
            assert second.says_it_runs()
            wait_until(lambda: all_sent(shared))
            took = time.monotonic() - stood_still_at
            out = shared.remote_ids()
            # The Page would refuse what equals its newest post; then the bot alone must not send.
            shared.sandbox.post_by_hand("facebook", "A word from the office in between.")
            wait_until(lambda: time.monotonic() > stood_still_at + SEND_TIMEOUT_SECONDS)
            first.signal(signal.SIGCONT)
            first.signal(signal.SIGTERM)  # what it has in hand it finishes first
            assert first.ended_by_itself(20)

    record("two heartbeats", 11, trials=1, copies=copies(shared), lost=0, shown=0, seconds=took)
    ours = [entry for entry in shared.accepted() if not entry.by_hand]
    assert 1 == len(ours), f"a copy, from who {it}"
    assert out == shared.remote_ids() == {ours[0].remote_id}
    assert {State.SENT} == shared.states()
