"""Queries on Blackouts, and on the Deliveries whose time lies inside one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.model.account import Blackout
from bot.model.base import UtcDateTime
from bot.model.delivery import Delivery, Hold, State

OPEN = (State.WAITING, State.HELD)
# What waits for an answer first: lateness says nothing of it any more.
SETTLED_BY_A_PERSON = (Hold.MISSED, Hold.IN_DOUBT)


def get(session: Session, blackout_id: int) -> Blackout:
    row = session.get(Blackout, blackout_id)
    if row is None:
        raise NotFound(f"There is no quiet time {blackout_id}. See: bot blackout list")
    return row


def all_of(session: Session) -> Sequence[Blackout]:
    """Every Blackout there ever was, by its beginning."""
    return session.scalars(select(Blackout).order_by(Blackout.starts_at, Blackout.id)).all()


def standing(session: Session, now: datetime) -> Sequence[Blackout]:
    """Those in force or still to come, by their beginning."""
    return session.scalars(
        select(Blackout)
        .where(Blackout.removed_at.is_(None), Blackout.ends_at > now)
        .order_by(Blackout.starts_at, Blackout.id)
    ).all()


def _covers(at: Any) -> ColumnElement[bool]:
    return and_(Blackout.starts_at <= at, Blackout.ends_at > at)


def _over(account_id: Any, due_at: Any, now: datetime) -> ColumnElement[bool]:
    """A standing Blackout that covers its time, or this moment where its time went by."""
    overdue = and_(due_at <= now, _covers(now))
    return and_(
        Blackout.removed_at.is_(None),
        Blackout.ends_at > now,
        or_(Blackout.account_id.is_(None), Blackout.account_id == account_id),
        or_(_covers(due_at), overdue),
    )


def over(session: Session, delivery: Delivery, now: datetime) -> Blackout | None:
    """The standing Blackout that keeps this Delivery back, the last to end; None if none does."""
    if delivery.due_at is None:
        return None
    return session.scalar(
        select(Blackout)
        .where(_over(delivery.account_id, literal(delivery.due_at, UtcDateTime()), now))
        .order_by(Blackout.ends_at.desc(), Blackout.id)
        .limit(1)
    )


def caught(session: Session, now: datetime) -> Sequence[int]:
    """Ids of Deliveries that a standing Blackout covers and that are not held for it yet."""
    return session.scalars(
        select(Delivery.id)
        .where(
            Delivery.state.in_(OPEN),
            Delivery.due_at.is_not(None),
            *(~Delivery.holds.like(f"%{hold}%") for hold in (Hold.BLACKOUT, *SETTLED_BY_A_PERSON)),
            select(Blackout.id).where(_over(Delivery.account_id, Delivery.due_at, now)).exists(),
        )
        .order_by(Delivery.due_at, Delivery.id)
    ).all()
