"""What runs, what waits and how late posts were, on both databases."""

from datetime import timedelta

import pytest
from scripted_platform import Accept
from sqlalchemy import event
from world import LONDON

from bot.decisions.pause import pause, resume
from bot.decisions.release import release
from bot.model.account import Blackout
from bot.model.delivery import SILENT_AFTER, Worker
from bot.platforms.contract import NotReached, RateLimited
from bot.reports import fleetstatus
from bot.store import fleetstatus as rows
from bot.store import workers

on_both = pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])


def read(world):
    return fleetstatus.status(world.store, world.clock())


def seconds(world):
    """How late what counts was, at the most, and how many were left out."""
    late = read(world).lateness
    return late.seconds["p99"], late.left_out


def send(world):
    for delivery_id in world.due():
        world.deliver(delivery_id)


@on_both
def test_each_worker_is_shown_as_it_is_with_what_it_sends(world):
    """Alive, silent or stopped, by its signs of life; who left long ago is not."""
    alive, silent, stopped, gone = (world.worker() for _ in range(4))
    with world.store.write() as session:
        now = world.store.lease_now(session)
        session.get(Worker, silent).seen_at = now - SILENT_AFTER - timedelta(seconds=1)
        session.get(Worker, gone).seen_at = now - timedelta(days=2)
        workers.end(session, stopped, now)
    first, second = world.queue(), world.queue(to=("facebook",))
    world.queue(at=world.clock().replace(tzinfo=None) + timedelta(hours=3))
    world.claim(first, worker_id=alive)
    found = read(world)
    told = found.as_json

    assert {alive: "alive", silent: "silent", stopped: "stopped"} == {
        one["worker"]: one["state"] for one in told["workers"]
    }
    (held,) = next(one["holds"] for one in told["workers"] if one["worker"] == alive)
    assert (str(first), "x") == (held["delivery"], held["account"])
    assert (1, 2) == (found.backlog.due, found.backlog.waiting)
    assert world.row(second).due_at == found.backlog.oldest_due_at
    assert found.ok


@on_both
def test_it_is_not_all_right_when_something_is_due_and_nothing_is_alive(world):
    """Nothing due, or somebody alive, is."""
    assert read(world).ok
    world.queue()
    assert not read(world).ok
    world.worker()
    assert read(world).ok


@on_both
def test_lateness_counts_what_only_the_bot_explains(world):
    """It did not run, or reached nobody: late. On time: no matter what else was decided."""
    world.queue()
    send(world)
    assert (0.0, 0) == seconds(world)
    world.queue(to=("facebook",))
    world.clock.move(seconds=40)
    send(world)
    assert (40.0, 0) == seconds(world)
    world.facebook.script.append(NotReached("nobody"))
    world.queue(to=("facebook",))
    send(world)
    world.clock.move(minutes=2)
    send(world)

    late = read(world).lateness
    assert (3, 0, 120.0) == (late.counted, late.left_out, late.seconds["p99"])
    assert 40.0 == late.seconds["p50"]


def released_late(world):
    delivery_id = world.queue()
    world.change(delivery_id, state="held", holds=frozenset({"first run"}))
    world.clock.move(minutes=5)
    release(world.decider(), str(delivery_id), LONDON)


def paused(world):
    delivery_id = world.queue()
    pause(world.decider(), "x")
    world.clock.move(minutes=5)
    resume(world.decider(), "x", timedelta(hours=1))
    world.change(
        delivery_id, state="waiting", holds=frozenset(), due_at=world.clock.now - 5 * MINUTE
    )


def told_to_wait(world):
    world.x.script.append(RateLimited(world.clock.now + 5 * MINUTE))
    world.queue()
    send(world)
    world.clock.move(minutes=6)


def due_while_it_rested(world):
    world.change_account(parked_until=world.clock.now + 5 * MINUTE)
    world.queue()
    world.clock.move(minutes=6)


def kept_its_distance(world):
    world.queue(to=("x",))
    send(world)
    world.queue(timing="now")
    world.change(max(row.id for row in world.all_rows()), due_at=world.clock.now)
    send(world)
    world.clock.move(minutes=21)


def in_a_quiet_time(world):
    quiet(world, world.ids["x"])
    world.queue()
    world.clock.move(minutes=5)


def in_a_quiet_time_of_all(world):
    quiet(world, None)
    world.queue()
    world.clock.move(minutes=5)


def quiet(world, account_id):
    """Set for an hour, and taken back after two minutes."""
    now = world.clock.now
    with world.store.write() as session:
        session.add(
            Blackout(
                account_id=account_id,
                starts_at=now - MINUTE,
                ends_at=now + 60 * MINUTE,
                removed_at=now + 2 * MINUTE,
                reason="a vigil",
                actor="ana",
            )
        )


MINUTE = timedelta(minutes=1)
KEPT = (
    in_a_quiet_time,
    in_a_quiet_time_of_all,
    released_late,
    paused,
    told_to_wait,
    due_while_it_rested,
    kept_its_distance,
)


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.__name__)
def test_what_was_kept_waiting_on_purpose_is_left_out(world, kept):
    """And what nothing of the kind explains is counted beside it."""
    kept(world)
    send(world)
    world.clock.move(minutes=1)
    world.queue(to=("facebook",))
    world.clock.move(seconds=7)
    send(world)

    assert (7.0, 1) == seconds(world)


def test_what_kept_one_account_does_not_explain_another_nor_what_came_later(world):
    """Nor does a quiet time that was over before."""
    quiet(world, world.ids["x"])
    world.queue(to=("facebook",))
    world.clock.move(minutes=3)
    world.queue()
    world.clock.move(seconds=9)
    send(world)

    late = read(world).lateness
    assert (2, 0) == (late.counted, late.left_out)


@on_both
def test_accounts_that_rest_are_named_with_until_and_why(world):
    """For a limit, for a block, for two in doubt."""
    until = world.clock.now + timedelta(hours=2)
    world.change_account("x", parked_until=until, park_reason="Too many.", is_blocked=True)
    for _ in range(2):
        world.change(world.queue(to=("facebook",)), state="unconfirmed")
    x, facebook = read(world).parked

    assert ("x", until, "Too many.", True) == (x.account, x.until, x.reason, x.is_blocked)
    assert ("facebook", None) == (facebook.account, facebook.until)
    assert "bot queue" in facebook.reason


@on_both
def test_the_figures_of_the_metrics_agree_with_the_rows(world):
    """States without what was made by hand, reasons of holds, and ends of tries."""
    world.x.script.extend([NotReached("nobody"), Accept()])
    by_hand, held = world.queue(to=("facebook",)), world.queue(to=("facebook",))
    world.change(by_hand, state="sent", by_hand=True)
    world.change(held, state="held", holds=frozenset({"approval", "missed"}))
    tried = world.queue()
    send(world)
    with world.store.read() as session:
        since = world.clock.now - MINUTE
        assert {"held": 1, "waiting": 1} == {
            state: count for state, count in rows.state_counts(session).items() if count
        }
        assert {"approval": 1, "missed": 1} == rows.hold_counts(session)
        assert {"not reached": 1} == rows.outcomes(session, since)
    assert "waiting" == world.state(tried)


def test_it_asks_few_questions_and_no_table_that_grows_is_read_through(world):
    """Thousands of posts that are out change nothing."""
    world.worker()
    world.queue()
    world.clock.move(seconds=40)
    send(world)
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        asked.append((statement, parameters))

    engine = world.store.engine
    event.listen(engine, "before_cursor_execute", note)
    read(world)
    event.remove(engine, "before_cursor_execute", note)
    questions = [one for one in asked if one[0].startswith("SELECT")]
    with world.store.read() as session:
        connection = session.connection()
        plans = [
            row[3]
            for statement, parameters in questions
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]

    assert 5 <= len(questions) <= 8
    big = [f"SCAN {name}" for name in ("delivery", "attempt", "part", "decision", "post")]
    assert [] == [plan for plan in plans if plan.startswith(tuple(big)) and "COVERING" not in plan]
    assert any("ix_delivery_state_sent" in plan for plan in plans)
    assert any("ix_attempt_started_at" in plan for plan in plans)
