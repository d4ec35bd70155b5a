"""Keeps quiet times: what falls into one is held at once, and let go when none covers it any more.

A post for the next free Slot simply takes another. A typed time is never moved: still ahead, it
stands again once the quiet time is taken back; gone by, it is missed and a person picks a new one.
Nothing is sent here, and nothing goes out late by itself but the rest of a thread.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.model.account import QUIET_TIME, Blackout
from bot.model.delivery import Delivery, Hold, Timing
from bot.store import blackouts, deliveries
from bot.store.blackouts import OPEN
from bot.store.engine import Session


def unsettled(session: Session, now: datetime) -> Sequence[int]:
    """Ids of Deliveries that a quiet time catches, or no longer keeps back as they say."""
    caught = blackouts.caught(session, now) if blackouts.standing(session, now) else ()
    kept = [
        row.id
        for row in deliveries.held_for(session, Hold.BLACKOUT)
        if _is_out_of_date(row, blackouts.over(session, row, now))
    ]
    return [*caught, *kept]


def settle(session: Session, delivery: Delivery, now: datetime) -> bool:
    """Hold it, move it or let it go as the quiet times of this moment want; True if it changed."""
    if delivery.state not in OPEN or not set(blackouts.SETTLED_BY_A_PERSON).isdisjoint(
        Hold(word) for word in delivery.holds
    ):
        return False
    over = blackouts.over(session, delivery, now)
    is_held = Hold.BLACKOUT in delivery.holds
    if over is None and not is_held:
        return False
    is_half_out = deliveries.is_half_out(session, delivery.id)
    if delivery.timing == Timing.NEXT and not is_half_out:
        _lift(delivery)
        delivery.due_at = delivery.slot_start = delivery.not_before = None
    elif over is not None:
        _keep(delivery, over)
    elif is_half_out or delivery.due_at is None or delivery.due_at > now:
        _lift(delivery)
    else:
        _miss(delivery)
    session.flush()
    return True


def _is_out_of_date(row: Delivery, over: Blackout | None) -> bool:
    if over is None or row.timing == Timing.NEXT:
        return True
    return _names_a_quiet_time(row) and row.reason != over.said


def _names_a_quiet_time(row: Delivery) -> bool:
    return bool(row.reason and row.reason.startswith(QUIET_TIME))


def _keep(row: Delivery, over: Blackout) -> None:
    is_ours = not row.holds or _names_a_quiet_time(row)
    row.hold(Hold.BLACKOUT, reason=over.said if is_ours else None)
    row.hinted_at = None


def _lift(row: Delivery) -> None:
    if _names_a_quiet_time(row):
        row.reason = None
    row.clear(Hold.BLACKOUT)


def _miss(row: Delivery) -> None:
    said = f"Its time went by. {row.reason}" if _names_a_quiet_time(row) else row.reason
    row.hold(Hold.MISSED, reason=said or "Its time went by during a quiet time.")
    row.slot_start = None
    row.clear(Hold.BLACKOUT)
