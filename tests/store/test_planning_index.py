"""What is asked every two seconds, for each post, or with a page is a step into an index."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.store import accountpages, planning

ASKED = {
    "ix_delivery_state_slot (state=? AND slot_start<?)": lambda session, now: (
        planning.slots_gone_by(session, now)
    ),
    "ix_delivery_account_sent (account_id=? AND sent_at>?)": lambda session, _: planning.last_out(
        session, 1
    ),
    "ix_delivery_doubts (account_id=? AND doubt_since>?)": lambda session, _: planning.last_out(
        session, 1
    ),
    "INDEX ix_delivery_account_sent (account_id=? AND sent_at>?)": lambda session, _: (
        accountpages.last_out(session, [1, 2])
    ),
}


# PostgreSQL reads a table of no rows through, and rightly: the bench has enough of them.
@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("step", ASKED)
def test_it_steps_into_an_index(store, clock, step):
    """Never through all that waits, or through all that ever went out."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    with store.read() as session:
        ASKED[step](session, clock())
        event.remove(store.engine, "before_cursor_execute", note)
        (one,) = [one for one in asked if one[0].startswith("SELECT")]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one[0]}", one[1])
        steps = [row[3] for row in plan]

    assert any(step in found for found in steps)
    assert not [found for found in steps if found.startswith("SCAN delivery")]


@pytest.mark.parametrize(
    ("doubted_before", "expected_before"), [(None, 60), (90, 60), (30, 30)], ids=str
)
def test_the_last_that_is_out_or_may_be(world, doubted_before, expected_before):
    """What is in doubt counts as if it were out: the next one keeps its distance from it."""
    now = world.clock()
    world.change(world.queue("It is out."), sent_at=now - timedelta(minutes=60))
    in_doubt = world.queue("Nobody knows.")
    if doubted_before:
        world.change(in_doubt, doubt_since=now - timedelta(minutes=doubted_before))
    with world.store.read() as session:
        last = planning.last_out(session, world.ids["x"])

    assert last == now - timedelta(minutes=expected_before)
