"""Hints on their way through the engine: one transaction, any worker, the most urgent first."""

import pytest
from fleet.conftest import SECONDS, Hands, entries, hand_over
from sqlalchemy import text

from bot.delivery import sweep
from bot.errors import StoreError
from bot.fleet.engine import Engine
from bot.store import claims
from bot.store.roster import On


@pytest.fixture
def sender(store):
    """An engine that only enqueues: it is never started."""
    return Engine(store, 1, lambda delivery_id: None)


def test_a_hint_is_enqueued_with_its_row_or_not_at_all(world, sender):
    """Rolled back, there is neither mark nor entry; committed, there are both."""
    delivery_id = world.queue()

    def fail(session, hints):
        sender.carry(session, hints)
        raise StoreError("The line went dead.")

    with pytest.raises(StoreError):
        sweep.due(world.store, world.clock, On(ids=frozenset(world.by_id)), carry=fail)
    assert [] == entries(world.store)
    assert world.row(delivery_id).hinted_at is None

    assert [delivery_id] == hand_over(world, sender)
    assert [delivery_id] == entries(world.store)
    assert world.row(delivery_id).hinted_at == world.clock()


def test_sweeps_side_by_side_never_take_one_row_twice(world):
    """The second neither waits for the first nor takes what it has."""
    mine, free = world.queue(), world.queue(to=("facebook",))
    now, store = world.clock(), world.store
    with store.write() as first, store.write() as second:
        assert [mine] == [hint.delivery_id for hint in claims.mark_hinted(first, [mine], now)]
        taken = claims.mark_hinted(second, [mine, free], now)
        assert [free] == [hint.delivery_id for hint in taken]
    with store.write() as third:
        assert [] == claims.mark_hinted(third, [mine, free], now)


def test_urgent_hints_overtake_those_of_other_accounts(world, sender, hands, engines):
    """Across the whole queue, not only within their account."""
    ordinary, urgent = world.queue(), world.queue(to=("facebook",), urgent=True)
    assert [urgent] == hand_over_only(world, sender, "facebook")
    world.change(urgent, hinted_at=None)
    with world.store.write() as session:
        session.execute(text("TRUNCATE procrastinate_jobs CASCADE"))
    assert [ordinary] == hand_over_only(world, sender, "x")
    assert [urgent] == hand_over_only(world, sender, "facebook")
    assert [urgent, ordinary] == entries(world.store)

    engines(hands)
    assert hands.has(2)
    assert [urgent, ordinary] == hands.taken


def hand_over_only(world, engine, name):
    account = On(ids=frozenset({world.ids[name]}))
    hints = sweep.due(world.store, world.clock, account, room=engine.room, carry=engine.carry)
    return [hint.delivery_id for hint in hints]


def test_what_a_stopping_worker_has_not_begun_is_taken_by_another(world, hands, engines):
    """One is under way and ends; the other stays in the queue."""
    world.queue()
    world.queue(to=("facebook",))
    hands.open.clear()
    first = engines(hands)
    both = set(hand_over(world, first))
    assert hands.has(1)
    assert not first.drain(0.2), "what is under way was not waited for"
    others = Hands()
    engines(others)
    assert others.has(1)
    hands.open.set()
    assert first.drain(SECONDS)

    assert both == {*hands.taken, *others.taken}
    assert 1 == len(hands.taken) == len(others.taken)


def test_workers_come_back_when_the_database_does(world, hands, engines):
    """Every connection is cut, as a restart of the server would."""
    engine = engines(hands)
    first = world.queue()
    hand_over(world, engine)
    assert hands.has(1)
    with world.store.write() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    second = world.queue(to=("facebook",))
    hand_over(world, engine)

    assert hands.has(2)
    assert {first, second} == set(hands.taken)


def test_a_worker_that_was_taken_for_dead_begins_again(world, hands, engines):
    """Others have struck it off; what it tries to take stays for whoever is next."""
    engine = engines(hands)
    world.queue()
    hand_over(world, engine)
    assert hands.has(1)
    with world.store.write() as session:
        session.execute(text("DELETE FROM procrastinate_workers"))
    second = world.queue(to=("facebook",))
    hand_over(world, engine)

    assert hands.has(2)
    assert second == hands.taken[-1]


def test_no_more_is_handed_over_than_is_soon_begun(world, sender, monkeypatch):
    """Else it would be handed over again while it still waits its turn."""
    monkeypatch.setattr("bot.fleet.engine.MOST_WAITING", 1)
    both = {world.queue(), world.queue(to=("facebook",))}
    first = hand_over(world, sender)
    assert 1 == len(first)
    assert [] == hand_over(world, sender)
    with world.store.write() as session:
        session.execute(text("TRUNCATE procrastinate_jobs CASCADE"))

    assert both - set(first) == set(hand_over(world, sender))


TEN_THOUSAND = """
INSERT INTO delivery (post_id, account_id, round, wording, state, holds, timing, due_at, urgent,
    beyond_budget, variant_digest, text_key, when_in_doubt, tries, looks, readable_looks,
    counts_taken, by_hand, created_at)
SELECT post_id, account_id, n, wording, state, holds, timing, due_at, true, beyond_budget,
    variant_digest, text_key, when_in_doubt, 0, 0, 0, 0, false, created_at
FROM delivery, generate_series(2, 10000) AS n WHERE id = :id
"""


def test_an_account_with_ten_thousand_due_never_delays_the_others(world, sender):
    """It has one hint at a time, urgent or not; another account's post is in the next sweep."""
    noisy = world.queue(urgent=True)
    with world.store.write() as session:
        session.execute(text(TEN_THOUSAND), {"id": noisy})
    hand_over(world, sender)
    for _ in range(3):
        quiet = world.queue(to=("facebook",))
        assert [quiet] == hand_over(world, sender)
        world.change(quiet, state="sent")

    of_noisy = [one for one in entries(world.store) if world.row(one).account_id == world.ids["x"]]
    assert 1 == len(of_noisy)
