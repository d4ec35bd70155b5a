"""What dead workers left in the engine's queue is dropped, and its row is handed over again."""

import asyncio

import pytest
from fleet.conftest import entries, hand_over
from procrastinate import App, PsycopgConnector
from sqlalchemy import text

from bot.delivery import sweep
from bot.fleet import janitor
from bot.fleet.engine import QUEUE, Engine

TAKE = """
WITH w AS (
    INSERT INTO procrastinate_workers (last_heartbeat)
    VALUES (now() - make_interval(secs => :ago)) RETURNING id
)
UPDATE procrastinate_jobs SET status = 'doing', worker_id = w.id FROM w
"""


def tidy(world):
    """One round of the janitor."""

    async def once():
        address, _ = world.store.driver_settings
        async with App(connector=PsycopgConnector(conninfo=address)).open_async() as app:
            return await janitor.tidy(app, QUEUE, lambda ids: sweep.forget(world.store, ids))

    return asyncio.run(once())


@pytest.mark.usefixtures("loopback")
def test_what_a_dead_worker_took_is_dropped_and_handed_over_again_at_once(world):
    """Half a minute sooner than a hint that is merely lost; a living worker keeps its own."""
    delivery_id, engine = world.queue(), Engine(world.store, 1, lambda one: None)
    hand_over(world, engine)
    with world.store.write() as session:
        session.execute(text(TAKE), {"ago": janitor.STALLED_AFTER_SECONDS - 3})
    assert 0 == tidy(world)
    assert [delivery_id] == entries(world.store, "doing")
    assert [] == hand_over(world, engine)
    with world.store.write() as session:
        session.execute(
            text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        )

    assert 1 == tidy(world)
    assert [] == entries(world.store, "doing")
    assert [delivery_id] == hand_over(world, engine)
    assert [delivery_id] == entries(world.store), "given again as new, never retried"
