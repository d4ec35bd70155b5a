"""The claim is exclusive, whoever asks at the same time."""

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.model.delivery import State
from bot.store import accounts, claims, deliveries
from bot.store.engine import Store

HERE = Path(__file__).parent


def in_threads(work, count):
    """Run `work(n)` in real threads that start together; what each returned."""
    start, results = threading.Barrier(count), []

    def run(n):
        start.wait()
        results.append(work(n))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_post_is_claimed_by_one_of_many_threads(world):
    """Eight at once, one wins."""
    for _ in range(5):
        delivery_id = world.queue()
        won = in_threads(lambda n, d=delivery_id: world.claim(d, token=f"t{n}"), 8)
        assert 1 == sum(won)
        world.change(delivery_id, state="sent")


def test_of_many_posts_of_an_account_one_is_being_sent(world):
    """Eight threads claim eight posts of one Account; the schema and the claim let one through."""
    ids = [world.queue() for _ in range(8)]
    won = in_threads(lambda n: world.claim(ids[n], token=f"t{n}"), 8)

    assert 1 == sum(won)
    assert 1 == sum(world.state(row_id) == "sending" for row_id in ids)


def test_two_processes_never_win_the_same_post(world, database_url):
    """Real processes on the real database; every post is won once, one per Account at a time."""
    ids = [world.queue(to=(name,)) for name in ("x", "facebook") for _ in range(4)]
    command = [sys.executable, str(HERE / "claim_in_process.py"), database_url]
    command += [world.clock().isoformat(), *map(str, ids)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in running:
        assert "ready\n" == one.stdout.readline()
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    won = [line for one in running for line in one.communicate(timeout=30)[0].split()]

    assert len(won) == len(set(won)) == 2
    assert [0, 0] == [one.returncode for one in running]


def test_threads_that_deliver_at_once_send_each_post_once(world):
    """The whole path, not only the claim."""
    ids = [world.queue(to=(name,)) for name in ("x", "facebook") for _ in range(3)]
    for _ in range(4):
        in_threads(lambda n: [world.deliver(row_id) for row_id in ids], 4)

    for platform in (world.x, world.facebook):
        assert 3 == len(platform.texts()) == len(set(platform.texts()))
    assert {"sent"} == {world.state(row_id) for row_id in ids}


def test_the_schema_itself_refuses_a_second_one_being_sent(world):
    """Exactly one per Account, whatever the code believes."""
    first, second = world.queue(), world.queue()
    other = world.queue(to=("facebook",))
    world.change(first, state="sending")
    world.change(other, state="sending")

    with pytest.raises(IntegrityError):
        world.change(second, state="sending")


def test_the_schema_itself_refuses_a_slot_used_twice(world):
    """One post per Slot of an Account; no Slot and another Account are free."""
    ids = [world.queue(to=(name,)) for name in ("x", "x", "facebook")]
    world.change(ids[0], slot_start=world.clock())
    world.change(ids[2], slot_start=world.clock())
    world.change(ids[1], slot_start=None)

    with pytest.raises(IntegrityError):
        world.change(ids[1], slot_start=world.clock())


@pytest.mark.parametrize("state", [state for state in State if state != State.WAITING])
def test_only_what_waits_can_be_claimed(world, state):
    """Every other state refuses."""
    delivery_id = world.queue()
    world.change(delivery_id, state=state.value)

    assert not world.claim(delivery_id)
    assert state == world.state(delivery_id)


@pytest.mark.parametrize(
    "stage",
    [
        {"due_at": None},
        {"due_at": "later"},
        {"not_before": "later"},
    ],
)
def test_what_is_not_due_cannot_be_claimed(world, stage):
    """Without a time, before its time, before its retry."""
    delivery_id = world.queue()
    later = world.clock() + timedelta(seconds=1)
    world.change(delivery_id, **{k: later if v == "later" else v for k, v in stage.items()})

    assert not world.claim(delivery_id)
    world.clock.move(seconds=1)
    assert world.claim(delivery_id) == ("later" in stage.values())


def test_nothing_of_a_parked_account_can_be_claimed(world):
    """Until the very second it ends."""
    delivery_id = world.queue()
    world.change_account(parked_until=world.clock() + timedelta(seconds=1))
    assert not world.claim(delivery_id)
    world.clock.move(seconds=1)

    assert world.claim(delivery_id)


def test_two_in_doubt_stop_the_claim_and_one_does_not(world):
    """Of the same Account, unconfirmed or held for a person."""
    ids = [world.queue() for _ in range(3)]
    world.change(ids[0], state="unconfirmed")
    assert world.claim(ids[2])
    world.change(ids[2], state="waiting")
    world.change(ids[1], state="held", holds=frozenset({"approval", "in doubt"}))

    assert not world.claim(ids[2])
    with world.store.read() as session:
        assert 2 == deliveries.in_doubt_count(session, world.ids["x"])
        assert 0 == deliveries.in_doubt_count(session, world.ids["facebook"])


def test_a_claim_leaves_its_token_worker_and_lease(world):
    """So that the reaper knows whose it was."""
    worker, delivery_id = world.worker(), world.queue()
    world.due()
    assert world.claim(delivery_id, token="mine", worker_id=worker)
    row = world.row(delivery_id)

    assert ("sending", "mine", worker, None) == (
        row.state,
        row.lease_token,
        row.worker_id,
        row.hinted_at,
    )
    with world.store.read() as session:
        left = row.lease_until - world.store.lease_now(session)
    assert timedelta(seconds=60) < left <= world.limits.lease


def test_a_lease_is_renewed_by_its_own_token_only(world):
    """And only while it is being sent."""
    delivery_id = world.queue()
    world.claim(delivery_id, token="mine")
    until = world.clock() + timedelta(hours=1)

    def renew(token):
        with world.store.write() as session:
            return claims.renew(session, delivery_id, token, until)

    assert [False, True] == [renew("theirs"), renew("mine")]
    assert until == world.row(delivery_id).lease_until
    world.change(delivery_id, state="unconfirmed")
    assert not renew("mine")


def test_attempts_are_numbered_per_part(world):
    """First, second, third; never overwritten."""
    delivery_id = world.queue()
    for _ in range(3):
        world.begin(delivery_id)

    assert [1, 2, 3] == [attempt.n for attempt in world.attempts(delivery_id)]


def test_the_open_attempt_is_the_one_of_this_claim(world):
    """An older one without an end belongs to an older claim."""
    delivery_id = world.queue()
    world.begin(delivery_id, token="old")
    newest = world.begin(delivery_id, token="new")
    with world.store.read() as session:
        assert newest == claims.open_attempt(session, delivery_id, "new").id
        assert claims.open_attempt(session, delivery_id, "neither") is None
        assert newest == claims.last_attempt(session, delivery_id).id


def test_doubted_attempts_are_those_without_an_end_or_an_unknown_one(world):
    """Whatever else happened is certain."""
    delivery_id = world.queue()
    part_id = world.parts(delivery_id)[0].id
    ids = [world.begin(delivery_id) for _ in range(4)]
    with world.store.write() as session:
        from bot.model.delivery import Attempt

        for attempt_id, outcome in zip(ids, (None, "unknown", "refused", "sent"), strict=True):
            session.get_one(Attempt, attempt_id).outcome = outcome
    with world.store.read() as session:
        assert ids[:2] == [row.id for row in claims.doubted_attempts(session, part_id)]


def test_holds_are_found_by_their_exact_name(world):
    """Not by a piece of another's."""
    from bot.model.delivery import Hold

    first, second = world.queue(), world.queue()
    world.change(first, state="held", holds=frozenset({"paused", "in doubt"}))
    world.change(second, state="held", holds=frozenset({"approval"}))
    with world.store.read() as session:
        found = {h.value: [r.id for r in deliveries.held_for(session, h)] for h in Hold}
        assert [first] == found["paused"] == found["in doubt"]
        assert [second] == found["approval"]
        assert [] == found["missed"] == found["blackout"]
        assert [] == deliveries.held_for(session, Hold.PAUSED, world.ids["facebook"])


def test_a_writer_waits_for_the_writer_before_it(world, database_url):
    """The second claim sees what the first one did, not what was there when it began."""
    delivery_id = world.queue()
    entered = threading.Event()
    results = []

    def second():
        entered.wait()
        other = Store(database_url, world.clock)
        with other.write() as session:
            row = deliveries.get(session, delivery_id, lock=True)
            results.append(row.reason)
        other.close()

    thread = threading.Thread(target=second)
    thread.start()
    with world.store.write() as session:
        deliveries.get(session, delivery_id, lock=True).reason = "first"
        session.flush()
        entered.set()
        thread.join(0.2)
        assert thread.is_alive()
    thread.join()

    assert ["first"] == results


def test_an_account_is_made_once_and_found_by_name(world):
    """And an unknown name lists those there are."""
    from bot.errors import NotFound

    with world.store.write() as session:
        again = accounts.ensure(session, "x", "x", world.clock())
        assert world.ids["x"] == again.id
        with pytest.raises(NotFound, match="Accounts: x, facebook"):
            accounts.named(session, "twitter")
