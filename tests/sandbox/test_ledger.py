"""The ledger tells the truth from any thread."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from bot.sandbox import Ledger, Sandbox

from .conftest import HandClock, XClient


def test_entries_come_in_the_order_they_were_accepted(clock: HandClock) -> None:
    """Both platforms together, or one alone."""
    ledger = Ledger(clock)
    for number in range(4):
        ledger.accept(("x", "facebook")[number % 2], str(number))

    assert [entry.text for entry in ledger.posts()] == ["0", "1", "2", "3"]
    assert [entry.text for entry in ledger.posts("facebook")] == ["1", "3"]


def test_a_hidden_entry_is_listed_from_its_time_on(clock: HandClock) -> None:
    """visible_at is the first moment."""
    ledger = Ledger(clock)
    entry = ledger.accept("x", "a", hidden_seconds=10)

    assert clock.now + timedelta(seconds=10) == entry.visible_at
    assert list(ledger.listed("x", clock.now + timedelta(seconds=9))) == []
    assert [entry] == list(ledger.listed("x", entry.visible_at))


def test_a_deletion_is_a_stamp(clock: HandClock) -> None:
    """The entry stays, its text and its place too."""
    ledger = Ledger(clock)
    first = ledger.accept("x", "a")
    ledger.accept("x", "b")
    clock.move(minutes=1)

    assert ledger.delete("x", first.remote_id)
    assert not ledger.delete("x", first.remote_id)
    assert [("a", clock.now), ("b", None)] == [
        (entry.text, entry.deleted_at) for entry in ledger.posts()
    ]


def test_ids_never_repeat_even_when_the_clock_goes_back(clock: HandClock) -> None:
    """An id grows by at least one."""
    ledger = Ledger(clock)
    first = int(ledger.new_id())
    clock.move(days=-1)

    assert int(ledger.new_id()) == first + 1


def test_of_many_equal_posts_at_once_x_accepts_one() -> None:
    """The duplicate check and the acceptance are one step, however slow the clock between."""

    def slow_clock() -> datetime:
        time.sleep(0.005)
        return datetime.now(UTC)

    with Sandbox(clock=slow_clock) as sandbox, ThreadPoolExecutor(8) as pool:
        clients = [XClient(sandbox.settings()) for _ in range(8)]
        statuses = list(pool.map(lambda x: x.post("Solidarity").status_code, clients))
        for client in clients:
            client.session.close()

    assert sorted(statuses) == [201] + [403] * 7
    assert len(sandbox.ledger.posts("x")) == 1
