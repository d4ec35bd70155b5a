"""The planner looks for Slots that went by every two seconds: never through all that wait."""

import pytest
from sqlalchemy import event

from bot.store import planning


# PostgreSQL reads a table of no rows through, and rightly: the bench has enough of them.
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_slots_gone_by_are_found_by_an_index(store, clock):
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    with store.read() as session:
        planning.slots_gone_by(session, clock())
        event.remove(store.engine, "before_cursor_execute", note)
        (one,) = [one for one in asked if one[0].startswith("SELECT")]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one[0]}", one[1])
        steps = [row[3] for row in plan]

    assert any("ix_delivery_state_slot (state=? AND slot_start<?)" in step for step in steps)
