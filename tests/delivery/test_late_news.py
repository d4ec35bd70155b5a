"""A late answer that finds more of a post public than was known: told, noted, never sent again."""

from datetime import timedelta

import pytest

from bot.decisions.cancel import cancel
from bot.decisions.resolve import Answer, resolve
from bot.delivery import outcomes
from bot.errors import NotAllowed, PostInvalid
from bot.platforms.contract import Sent, Unknown
from bot.reports import log, queue
from bot.store import deliveries


def in_the_queue(world):
    with world.store.read() as session:
        return [(row["delivery"], row["state"], row["trouble"]) for row in queue.rows(session)]


def dropped_then_answered(world, words="In doubt."):
    """The bot stops waiting, a person drops it, and then the answer comes: it is out."""
    delivery_id = world.queue(words)

    def hangs(_part):
        world.expire_leases()
        world.confirmer.free_expired()
        resolve(world.decider(), delivery_id, Answer.DROP)

    world.x.on_send = hangs
    world.deliver(delivery_id)
    world.x.on_send = None
    return delivery_id


def test_what_was_dropped_and_is_out_after_all_is_told_until_somebody_notes_it(world):
    """It stays withdrawn here; its link is kept; a person decides what is to become of it."""
    delivery_id = dropped_then_answered(world)
    row, part = world.row(delivery_id), world.parts(delivery_id)[0]

    assert ("cancelled", world.clock(), True) == (row.state, row.sent_at, row.is_trouble)
    assert "it turned out that it is out" in row.reason
    assert part.url.endswith(part.remote_id)
    assert [(str(delivery_id), "cancelled", True)] == in_the_queue(world)
    with pytest.raises(NotAllowed, match="is out, so it is not sent again"):
        resolve(world.decider(), delivery_id, Answer.ABSENT_NOW)
    resolve(world.decider(), delivery_id, Answer.SENT, part.url, part.remote_id)
    assert [] == in_the_queue(world)
    assert ("cancelled", world.clock()) == (
        world.state(delivery_id),
        world.row(delivery_id).sent_at,
    )


def test_the_log_of_what_is_out_has_it_too(world):
    """Staff count what stands there, whoever withdrew it; nothing else that was cancelled."""
    out, not_out = dropped_then_answered(world), world.queue()
    cancel(world.decider(), str(not_out))
    with world.store.read() as session:
        rows = log.rows(session)

    assert [(str(out), "cancelled")] == [(row["delivery"], row["state"]) for row in rows]
    assert rows[0]["remote_id"] == world.x.ledger[0].remote_id


def test_the_same_words_are_refused_after_it_as_after_any_post(world):
    """It went out; a second one would be a copy."""
    dropped_then_answered(world, "The same words.")
    with pytest.raises(PostInvalid, match="Same as"):
        world.queue("The same words.")


def test_a_second_copy_is_told_although_the_post_is_out(world):
    """Nothing is worse, so nobody may have to look for it."""
    delivery_id = world.queue()
    world.x.script.append(Unknown("cut"))
    world.deliver(delivery_id)
    first = world.attempts(delivery_id)[0]
    resolve(world.decider(), delivery_id, Answer.SENT, "https://example.org/status/7", "7")
    assert [] == in_the_queue(world)
    with world.store.write() as session:
        row = deliveries.get(session, delivery_id)
        ending = world.deliverer.ending(session, row, first.part_id)
        outcomes.record(
            ending, first.id, first.lease_token, Sent("8", "https://example.org/status/8")
        )

    assert [(str(delivery_id), "sent", True)] == in_the_queue(world)
    assert "https://example.org/status/8" in world.row(delivery_id).reason
    resolve(world.decider(), delivery_id, Answer.DROP)
    assert [] == in_the_queue(world)
    assert "sent" == world.state(delivery_id)


def test_a_look_by_a_person_who_decides_leaves_the_schedule_alone(world):
    """Not finding it neither sends it again nor uses up a planned look."""
    delivery_id = world.queue()
    world.x.script.append(Unknown("cut"))
    world.deliver(delivery_id)
    world.clock.move(minutes=16)
    for _ in range(5):
        assert world.confirmer.look(delivery_id, only_finds=True) is None
    row = world.row(delivery_id)

    assert ("unconfirmed", 0, 0) == (row.state, row.looks, row.readable_looks)
    assert world.clock() - timedelta(minutes=15, seconds=45) == row.next_look_at
