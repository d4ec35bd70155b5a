"""Hints carried by threads of one process."""

from bot.fleet.threads import Threads
from bot.store import claims


def marked(world, ids):
    """Hints of these rows, in this order, as a sweep marks them."""
    with world.store.write() as session:
        return [claims.mark_hinted(session, [one], world.clock())[0] for one in ids]


def test_the_most_urgent_is_begun_first_and_the_rest_is_given_back(world, hands):
    """One thread is busy; of three that wait, the urgent one is next when it is free."""
    ids = [world.queue() for _ in range(3)]
    ids.append(world.queue(urgent=True))
    hints = marked(world, ids)
    hands.open.clear()
    threads = Threads(world.store, 1, hands.look_at)
    threads.begin(hints[:1])
    assert hands.has(1)
    threads.begin(hints[1:])
    assert threads.room() == Threads(world.store, 1, hands.look_at).room() - 3
    hands.open.set()
    assert hands.has(4)
    assert [ids[0], ids[3], ids[1], ids[2]] == hands.taken
    assert threads.drain(5)


def test_what_is_not_begun_when_it_stops_is_free_for_others(world, hands):
    """And what is under way is waited for."""
    ids = [world.queue() for _ in range(2)]
    hands.open.clear()
    threads = Threads(world.store, 1, hands.look_at)
    threads.begin(marked(world, ids))
    assert hands.has(1)

    assert not threads.drain(0.1)
    assert [False, True] == [world.row(one).hinted_at is None for one in ids]
    hands.open.set()
    assert threads.drain(5)
    assert ids[:1] == hands.taken
