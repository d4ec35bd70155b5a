"""Finds what is due and hands it over, one Delivery per Account at a time.

A hint only says "look at this row": lost or doubled, it changes nothing. Reads first, and writes
only when something is due. Sweeps of several Workers side by side never take the same row.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from bot.clock import Clock
from bot.delivery.deliver import Deliverer
from bot.store import claims
from bot.store.claims import Hint
from bot.store.engine import Session, Store, lightly
from bot.store.roster import On

MOST_AT_ONCE = 256
Carry = Callable[[Session, Sequence[Hint]], None]


def _plenty() -> int:
    return MOST_AT_ONCE


def _carried_later(_session: Session, _hints: Sequence[Hint]) -> None:
    """Whoever has no engine hands over what `due` returns."""


def due(
    store: Store,
    clock: Clock,
    on: On,
    *,
    room: Callable[[], int] = _plenty,
    carry: Carry = _carried_later,
) -> Sequence[Hint]:
    """What to hand over now, marked as hinted; `carry` is called in the same transaction.

    No more than there is `room` for: what waits too long in somebody's hands would be handed over
    twice.
    """
    now = clock()
    with store.read() as session:
        ids = claims.due_hints(session, now, on, MOST_AT_ONCE)
    ids = ids[: max(0, room())] if ids else ids
    if not ids:
        return []
    return _handed_over(store, ids, now, carry)


def following(
    deliverer: Deliverer, delivery_id: int, carry: Carry = _carried_later
) -> Sequence[Hint]:
    """What its Account has due now that this one is done, marked and carried like `due`.

    Only of that Account: a sweep over all of them after each delivery would cost most when most
    is due.
    """
    now = deliverer.clock()
    with deliverer.store.read() as session:
        found = claims.following(session, delivery_id, now)
    if found is None:
        return []
    following_id, account_id = found
    platform = deliverer.platforms.get(account_id)
    if platform is None or platform.missing_settings:
        return []
    return _handed_over(deliverer.store, [following_id], now, carry)


def _handed_over(store: Store, ids: Collection[int], now: datetime, carry: Carry) -> Sequence[Hint]:
    with lightly(), store.write() as session:
        hints = claims.mark_hinted(session, ids, now)
        if hints:
            carry(session, hints)
    return hints


def forget(store: Store, ids: Collection[int] | None = None) -> None:
    """Whoever carried these hints (None: any) may be gone; one carried twice changes nothing."""
    with store.write() as session:
        claims.forget_hints(session, ids)
