"""Finds what is due and hands it over, one Delivery per Account at a time.

A hint only says "look at this row": lost or doubled, it changes nothing. Reads first, and writes
only when something is due.
"""

from collections.abc import Sequence

from bot.clock import Clock
from bot.delivery.deliver import Deliverer
from bot.store import claims
from bot.store.engine import Store, lightly
from bot.store.roster import On


def due(store: Store, clock: Clock, on: On) -> Sequence[int]:
    """Ids of Deliveries to hand over now, marked as hinted."""
    now = clock()
    with store.read() as session:
        ids = claims.due_hints(session, now, on)
    if not ids:
        return []
    with lightly(), store.write() as session:
        claims.mark_hinted(session, ids, now)
    return ids


def following(deliverer: Deliverer, delivery_id: int) -> int | None:
    """What its Account has due now that this one is done, marked as hinted.

    Only of that Account: a sweep over all of them after each delivery would cost most when most
    is due.
    """
    now = deliverer.clock()
    with deliverer.store.read() as session:
        found = claims.following(session, delivery_id, now)
    if found is None:
        return None
    following_id, account_id = found
    platform = deliverer.platforms.get(account_id)
    if platform is None or platform.missing_settings:
        return None
    with lightly(), deliverer.store.write() as session:
        claims.mark_hinted(session, [following_id], now)
    return following_id


def forget(store: Store) -> None:
    """At start: whoever carried a hint may be gone, and one carried twice changes nothing."""
    with store.write() as session:
        claims.forget_hints(session)
