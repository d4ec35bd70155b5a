"""The stop switch on a heartbeat that runs: what it stops, what it waits for, what it names."""

import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.acceptance.conftest import Desk

SECONDS = 45


def until(claim: Callable[[], object]) -> None:
    """Wait until it is so; a loaded machine is given its time."""
    end = time.monotonic() + SECONDS
    while not claim():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


@pytest.fixture
def running(desk: Desk) -> Iterator[Desk]:
    """`bot run` over the simulated platforms."""
    desk.opened().store.close()
    heartbeat = desk.start("run")
    yield desk
    heartbeat.send_signal(signal.SIGTERM)
    heartbeat.communicate(timeout=SECONDS)


def _row(desk: Desk, account: str = "x") -> dict[str, Any]:
    return next((row for row in desk.queue() if row["account"] == account), {})


def test_a_pause_ends_when_nothing_is_under_way_and_stops_the_rest_of_a_thread(
    running: Desk,
) -> None:
    """Each part is answered late; `bot pause` waits for the one under way, and no other leaves."""
    desk = running
    desk.sandbox.fault("x", "late", count=None, seconds=2)
    words = " ".join(f"Sentence number {n} of a long thread." for n in range(60))
    desk.write("a.md", words, at="now", to="x", thread="yes")
    until(lambda: desk.texts("x"))
    paused = desk.bot("pause", "x", "--reason", "earthquake")
    then, row = len(desk.texts("x")), _row(desk)
    parts = len(row["parts"])
    desk.write("b.md", "On the other account.", at="now", to="facebook")
    until(lambda: desk.texts("facebook"))

    assert paused.code == 0
    assert "X is paused: earthquake." in paused.out
    assert (row["state"], row["holds"], row["half_out"]) == ("held", ["paused"], True)
    assert len(desk.texts("x")) == then < parts

    desk.sandbox.clear_faults()
    resumed = desk.bot("resume", "x", "--yes")
    until(lambda: not _row(desk))
    assert resumed.code == 0
    assert len(desk.texts("x")) == len(set(desk.texts("x"))) == parts


def test_a_pause_names_the_post_whose_request_does_not_end(desk: Desk) -> None:
    """After the deadline of a request it says which one, and that it may still go out."""
    desk.env["SEND_TIMEOUT_SECONDS"] = "50"
    desk.opened().store.close()
    heartbeat = desk.start("run")
    desk.sandbox.fault("x", "late", seconds=90)
    desk.write("a.md", "Never answered.", at="now", to="x")
    until(lambda: len(desk.texts("x")) == 1)
    desk.env["SEND_TIMEOUT_SECONDS"] = "0.2"
    paused = desk.bot("pause", "--reason", "earthquake")
    heartbeat.kill()
    heartbeat.communicate(timeout=SECONDS)
    desk.once()

    assert paused.code == 1
    assert "P1 on X was on its way and has not ended." in paused.out
    assert "may still go out; the bot finds out by itself. See: bot show P1" in paused.out
    assert desk.texts("x") == ["Never answered."]
    assert _row(desk) == {}, "the look finds it, whatever is paused"


def test_a_quiet_time_set_while_it_runs_holds_what_comes_due_and_lets_nothing_go_after(
    running: Desk,
) -> None:
    """Taken back, what fell inside is missed; what comes afterwards goes out."""
    desk = running
    added = desk.bot("blackout", "add", "x", "--until", "2099-12-01", "--reason", "the vigil")
    desk.write("a.md", "Inside the quiet time.", at="now", to="x")
    until(lambda: _row(desk).get("holds") == ["blackout"])
    removed = desk.bot("blackout", "remove", "1")
    desk.write("b.md", "After the quiet time.", at="now", to="x")
    until(lambda: desk.texts("x"))
    queue = desk.bot("queue")

    assert (added.code, removed.code) == (0, 0)
    assert "P1 on X: was due" in removed.out
    assert desk.texts("x") == ["After the quiet time."]
    assert (queue.code, "Missed: nothing of it was sent late" in queue.out) == (1, True)
    assert "bot release P1 --at next" in queue.out
