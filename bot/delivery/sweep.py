"""Finds what is due and hands it over, one Delivery per Account at a time.

A hint only says "look at this row": lost or doubled, it changes nothing. Reads first, and writes
only when something is due.
"""

from collections.abc import Sequence

from bot.clock import Clock
from bot.store import claims
from bot.store.engine import Store
from bot.store.roster import On


def due(store: Store, clock: Clock, on: On) -> Sequence[int]:
    """Ids of Deliveries to hand over now, marked as hinted."""
    now = clock()
    with store.read() as session:
        ids = claims.due_hints(session, now, on)
    if not ids:
        return []
    with store.write() as session:
        claims.mark_hinted(session, ids, now)
    return ids


def forget(store: Store) -> None:
    """At start: whoever carried a hint may be gone, and one carried twice changes nothing."""
    with store.write() as session:
        claims.forget_hints(session)
