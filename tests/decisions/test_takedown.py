"""Taking a post down: decided first, then deleted, then looked at."""

import pytest
from scripted_platform import Accept
from sqlalchemy import select

from bot.decisions import takedown
from bot.decisions.approve import approve
from bot.decisions.retry import retry
from bot.errors import NotAllowed, UsageError
from bot.model.delivery import Decision
from bot.platforms.contract import NotReached, Refused, Unknown

THREAD = "One half of what we say. " * 9 + "\n\n" + "The other half of it. " * 9


def sent(world, **fields):
    delivery_id = world.queue(**fields)
    world.send_due()
    return delivery_id


def verbs(world):
    with world.store.read() as session:
        return [row.verb for row in session.scalars(select(Decision).order_by(Decision.id))]


def test_what_is_out_is_named_last_part_first_and_the_decision_is_kept(world):
    """A reader must never see the end of a thread without its beginning."""
    delivery_id = sent(world, body=THREAD, thread=True)
    (doomed,) = takedown.decide(world.decider("wrong date"), str(delivery_id))

    assert [2, 1] == [part.n for part in doomed.parts]
    assert [takedown.VERB] == verbs(world)


def test_once_every_public_part_is_gone_so_is_the_post(world):
    """And it is counted no more; its words stay."""
    delivery_id = sent(world, body=THREAD, thread=True)
    last, first = takedown.decide(world.decider(), str(delivery_id))[0].parts
    takedown.mark_gone(world.store, delivery_id, {last.id}, world.clock())
    assert world.row(delivery_id).gone_at is None

    takedown.mark_gone(world.store, delivery_id, {first.id}, world.clock())
    row = world.row(delivery_id)
    assert (world.clock(), None) == (row.gone_at, row.next_count_at)
    assert "One half" in world.parts(delivery_id)[0].text


def test_what_of_the_post_is_not_out_is_withdrawn(world):
    """Taken down on X, it must not go out on Facebook an hour later."""
    world.facebook.script.append(NotReached("no line"))
    ids = [row.id for row in _both(world)]
    takedown.decide(world.decider("wrong date"), f"P{world.row(ids[0]).post_id}")

    assert ["sent", "cancelled"] == [world.state(key) for key in ids]
    world.clock.move(hours=1)
    world.send_due()
    assert [] == world.facebook.texts()


def test_half_a_thread_is_withdrawn_and_its_public_half_named(world):
    """The rest must not follow."""
    world.x.script.extend([Accept(), Refused("no")])
    delivery_id = sent(world, body=THREAD, thread=True)
    (doomed,) = takedown.decide(world.decider(), str(delivery_id))

    assert [1] == [part.n for part in doomed.parts]
    assert "cancelled" == world.state(delivery_id)
    with pytest.raises(NotAllowed):
        retry(world.decider(), str(delivery_id))


def test_a_doubt_is_answered_first(world):
    """Nobody knows what there would be to delete."""
    world.x.script.append(Unknown("cut"))
    delivery_id = sent(world)
    with pytest.raises(NotAllowed, match="bot resolve"):
        takedown.decide(world.decider(), str(delivery_id))


def test_a_reason_is_asked_for_and_nothing_can_be_taken_down_twice(world):
    """The second time there is nothing left."""
    delivery_id = sent(world)
    with pytest.raises(UsageError, match="--reason"):
        takedown.decide(world.decider(None), str(delivery_id))
    (doomed,) = takedown.decide(world.decider(), str(delivery_id))
    takedown.mark_gone(world.store, delivery_id, {doomed.parts[0].id}, world.clock())
    with pytest.raises(NotAllowed, match="not out"):
        takedown.decide(world.decider(), str(delivery_id))


def test_taken_down_it_never_goes_out_by_itself(world):
    """Not after an approval, not after days."""
    delivery_id = sent(world)
    takedown.decide(world.decider(), str(delivery_id))
    with pytest.raises(NotAllowed):
        approve(world.decider(), str(delivery_id))
    world.clock.move(days=40)
    world.send_due()

    assert 1 == world.x.requests


def _both(world):
    world.queue(to=("x", "facebook"))
    world.send_due()
    return world.all_rows()
