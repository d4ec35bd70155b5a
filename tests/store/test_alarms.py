"""Alarms on both databases: one of a key is open, and of many that tell at once one does."""

import threading
from datetime import timedelta

from sqlalchemy import select

from bot.model.alarm import Alarm
from bot.store import alarms
from bot.store.alarms import Sighting

THREADS = 6


def sighting(world, key="late:x", said="It is late."):
    return Sighting("late", key, said, world.clock(), urgent=False)


def at_once(deed):
    """Do it in several threads at the same moment; what each came to."""
    ready, found = threading.Barrier(THREADS), []

    def one():
        ready.wait()
        found.append(deed())

    threads = [threading.Thread(target=one) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def rows(world):
    with world.store.read() as session:
        return session.scalars(select(Alarm).order_by(Alarm.id)).all()


def test_of_many_who_see_and_tell_at_once_one_does(world):
    """On PostgreSQL too, where transactions do not wait for one another."""

    def see():
        with world.store.write() as session:
            alarms.take_down(session, [sighting(world), sighting(world, "late:y")], world.clock())

    at_once(see)
    assert ["late:x", "late:y"] == [row.key for row in rows(world)]
    ids = [row.id for row in rows(world)]

    def claim():
        with world.store.write() as session:
            return len(alarms.claim(session, ids, world.clock()))

    assert [0] * (THREADS - 1) + [2] == sorted(at_once(claim))
    assert [0] * THREADS == at_once(claim)
    world.clock.move(seconds=alarms.CLAIMED_FOR.total_seconds())
    assert [0] * (THREADS - 1) + [2] == sorted(at_once(claim))


def test_a_trouble_may_come_back_as_another_alarm(world):
    """Ended for good only after a while; what was told is not told again."""
    with world.store.write() as session:
        alarms.take_down(session, [sighting(world)], world.clock())
        claimed = alarms.claim(
            session, [1, *[row.id for row in session.scalars(select(Alarm))]], world.clock()
        )
        alarms.told(session, claimed, world.clock(), "1. e-mail")
        assert [] == alarms.to_tell(session, world.clock())
        alarms.take_down(session, [], world.clock())
    gone_at = world.clock()
    world.clock.move(seconds=alarms.CALM_FOR.total_seconds())
    with world.store.write() as session:
        alarms.take_down(session, [], world.clock())
        (row,) = alarms.to_tell(session, world.clock())
        assert gone_at == row.ended_at
        alarms.told(session, alarms.claim(session, [row.id], world.clock()), world.clock(), "1.")
        assert [] == alarms.to_tell(session, world.clock())
        alarms.take_down(session, [sighting(world)], world.clock() + timedelta(seconds=1))
    assert [True, False] == [row.ended_at is not None for row in rows(world)]
