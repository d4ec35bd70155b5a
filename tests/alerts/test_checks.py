"""What doctor finds: each check says in a sentence what is wrong, and only that."""

from datetime import timedelta
from typing import Any

import pytest
from world import LONDON

from bot.alerts import checks
from bot.model.delivery import Hold, State
from bot.platforms.contract import AccountBlocked, Health, RateLimited
from bot.store import workers

TITLES = {"x": "X", "facebook": "Facebook"}


def test_a_rate_limit_is_a_note_and_a_block_is_trouble(world: Any) -> None:
    """One passes by itself, the other needs a person."""
    world.x.script.append(RateLimited(world.clock() + timedelta(minutes=5), "X asks for a break."))
    world.queue()
    world.send_due()
    limited = checks.parked(world.store, world.clock(), LONDON, TITLES)

    assert limited.ok
    assert limited.note
    assert "X waits until" in limited.says

    world.clock.move(minutes=6)
    world.x.script.append(AccountBlocked("X does not accept this account's keys."))
    world.send_due()
    blocked = checks.parked(world.store, world.clock(), LONDON, TITLES)

    assert not blocked.ok
    assert "does not accept" in blocked.says


def test_two_posts_in_doubt_are_trouble_for_their_account_only(world: Any) -> None:
    """The account waits, the other goes on, and both are told apart."""
    for _ in range(2):
        world.change(world.queue(), state=State.HELD.value, holds=frozenset({Hold.IN_DOUBT.value}))
    found = checks.parked(world.store, world.clock(), LONDON, TITLES)

    assert not found.ok
    assert "X waits: two posts" in found.says
    assert "Facebook" not in found.says


def test_the_bot_s_own_trouble_is_told_and_remembered_for_a_day(world: Any) -> None:
    """A database that did not answer is known once it answers again."""
    worker_id = world.worker()
    with world.store.write() as session:
        said = (world.clock(), "Sending what is due did not work. The database is busy.")
        workers.seen(session, worker_id, world.clock(), said)
    found = []
    for hours in (0, 1, 24):
        world.clock.move(hours=hours)
        found.append(checks.own_trouble(world.store, world.clock(), LONDON))
    fresh, later, old = found

    assert [(False, False), (True, True), (True, False)] == [(f.ok, f.note) for f in found]
    assert "The database is busy. Last at Tuesday 1 December 2026, 12:00." in fresh.says
    assert fresh.says == later.says != old.says


def test_one_heartbeat_that_beats_is_enough(world: Any) -> None:
    """Beside it, another may have ended or died; the newest is not always the one that runs."""
    beating, ended = world.worker(), world.worker()
    with world.store.write() as session:
        workers.end(session, ended, world.clock())
        workers.seen(session, beating, world.clock())

    assert "It runs" in checks.heartbeat(world.store, world.clock(), LONDON).says


def test_approvals_are_no_trouble_and_failures_are(world: Any) -> None:
    """The exit code of a cron line depends on it."""
    world.change(world.queue(), state=State.HELD.value, holds=frozenset({Hold.APPROVAL.value}))
    waiting = checks.troubles(world.store)
    world.change(world.queue(), state=State.FAILED.value)
    failed = checks.troubles(world.store)

    assert waiting.ok
    assert "approval" in waiting.says
    assert not failed.ok


def test_a_heartbeat_without_a_sign_of_life_is_trouble(world: Any) -> None:
    """Silence is the complaint this project exists for."""
    never = checks.heartbeat(world.store, world.clock(), LONDON)
    worker_id = world.worker()
    beating = checks.heartbeat(world.store, world.clock(), LONDON)
    world.clock.move(minutes=5)
    silent = checks.heartbeat(world.store, world.clock(), LONDON)
    with world.store.write() as session:
        workers.end(session, worker_id, world.clock())
    stopped = checks.heartbeat(world.store, world.clock(), LONDON)

    assert [True, True, False, True] == [f.ok for f in (never, beating, silent, stopped)]


@pytest.mark.parametrize(
    ("health", "ok"),
    [
        (Health(ok=True, name="the group"), [True]),
        (Health(ok=False, problem="Signed out."), [False]),
        (Health(ok=True, name="us", missing_scopes=("pages_manage_posts",)), [True, False]),
    ],
)
def test_an_account_is_as_well_as_its_platform_says(world: Any, health: Any, ok: Any) -> None:
    """Identity, sign-in and permissions."""
    assert ok == [found.ok for found in checks.account("X", health, world.clock())]


def test_a_clock_that_is_wrong_and_a_sign_in_that_ends_are_told(world: Any) -> None:
    """Both would stop posts later, in silence."""
    now = world.clock()
    health = Health(
        ok=True, name="us", expires_at=now + timedelta(days=3), server_date=now - timedelta(hours=1)
    )
    said = [found.says for found in checks.account("X", health, now) if not found.ok]

    assert len(said) == 2
    assert "ends on 04 December 2026" in said[0]
    assert "3600 seconds" in said[1]
