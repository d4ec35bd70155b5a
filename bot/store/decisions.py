"""Queries on Decisions. There is no update here: the record only grows, until
`store.retention` lets go of what is years old."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.model.delivery import Decision, Delivery, Hold, State

APPROVE = "approve"
APPROVE_ALONE = "approve alone"
APPROVALS = (APPROVE, APPROVE_ALONE)
HISTORY = "history"
REVIEW, REVIEW_TAKEN_BACK = REVIEWS = ("review", "review taken back")


def record(
    session: Session,
    *,
    made_at: datetime,
    actor: str,
    verb: str,
    reason: str | None = None,
    post_id: int | None = None,
    delivery_id: int | None = None,
    account_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    session.add(
        Decision(
            made_at=made_at,
            actor=actor,
            verb=verb,
            reason=reason,
            post_id=post_id,
            delivery_id=delivery_id,
            account_id=account_id,
            before=before,
            after=after,
        )
    )


def of_post(session: Session, post_id: int) -> Sequence[Decision]:
    return session.scalars(
        select(Decision).where(Decision.post_id == post_id).order_by(Decision.id)
    ).all()


def last(session: Session, delivery_id: int, verbs: Sequence[str]) -> Decision | None:
    """The latest Decision with one of these verbs on a Delivery."""
    return session.scalar(
        select(Decision)
        .where(Decision.delivery_id == delivery_id, Decision.verb.in_(verbs))
        .order_by(Decision.id.desc())
        .limit(1)
    )


def last_of_held(session: Session, hold: Hold, verbs: Sequence[str]) -> Sequence[Decision]:
    """The latest Decision with one of these verbs on each Delivery that is on hold for that."""
    latest = (
        select(func.max(Decision.id))
        .join(Delivery, Delivery.id == Decision.delivery_id)
        .where(
            Delivery.state == State.HELD,
            Delivery.holds.like(f"%{hold.value}%"),
            Decision.verb.in_(verbs),
        )
        .group_by(Decision.delivery_id)
    )
    return session.scalars(select(Decision).where(Decision.id.in_(latest))).all()


def log(
    session: Session, before_id: int | None = None, limit: int = 100, actor: str | None = None
) -> Sequence[Decision]:
    """The newest Decisions of all, or those before one of them."""
    query = select(Decision).order_by(Decision.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Decision.id < before_id)
    if actor is not None:
        query = query.where(Decision.actor == actor)
    return session.scalars(query).all()
