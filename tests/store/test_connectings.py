"""Sign-ins that are under way: good once, for one browser, for a time; on both databases."""

import threading
from datetime import timedelta

import pytest

from bot.store import connectings

A, B = "a" * 64, "b" * 64


@pytest.fixture
def begin(world):
    def begin_one(state=A, browser=A, name="x"):
        with world.store.write() as session:
            connectings.begin(
                session,
                world.ids[name],
                state_digest=state,
                session_digest=browser,
                kept=b"box of " + state[:1].encode(),
                now=world.clock(),
                ends_at=world.clock() + timedelta(minutes=10),
            )

    return begin_one


@pytest.fixture
def take(world):
    def take_one(state=A, browser=A, name="x"):
        with world.store.write() as session:
            return connectings.take(
                session,
                world.ids[name],
                state_digests=[state],
                session_digest=browser,
                now=world.clock(),
            )

    return take_one


def test_it_is_good_once(begin, take):
    """Whoever comes second finds nothing."""
    begin()

    assert (take(), take()) == (b"box of a", None)


def test_it_is_good_for_its_account_and_browser_and_state_alone(begin, take):
    """And a wrong try does not use it up."""
    begin()

    assert take(state=B) is take(browser=B) is take(name="facebook") is None
    assert take() == b"box of a"


def test_it_is_over_at_its_end(world, begin, take):
    """To the second."""
    begin()
    world.clock.move(minutes=10)

    assert take() is None


def test_two_that_come_at_once_do_not_both_get_it(begin, take):
    """Two clicks, two workers: one sign-in."""
    begin()
    found = []
    ready = threading.Barrier(4)

    def race():
        ready.wait()
        found.append(take())

    racers = [threading.Thread(target=race) for _ in range(4)]
    for one in racers:
        one.start()
    for one in racers:
        one.join()

    assert (found.count(b"box of a"), found.count(None)) == (1, 3)


def test_beginning_again_replaces_what_the_same_browser_began(begin, take):
    """Another browser's stays."""
    begin(state="c" * 64, browser=B)
    begin(state=A)
    begin(state=B)

    assert take(state=A) is None
    assert take(state=B) == b"box of b"
    assert take(state="c" * 64, browser=B) == b"box of c"


def test_every_account_is_listed_with_what_is_stored_for_it(world):
    """One reading is enough to see what changed."""
    world.change_account("facebook", credentials=b"box", remote_id="7")
    with world.store.read() as session:
        found = connectings.stored(session)

    assert found == [
        (world.ids["x"], "x", None, None),
        (world.ids["facebook"], "facebook", "7", b"box"),
    ]
