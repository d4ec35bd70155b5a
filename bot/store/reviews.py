"""Queries on Reviews: who looked at which Delivery in the engagement log."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.model.delivery import Delivery
from bot.model.review import Review


def of(session: Session, delivery_ids: Collection[int]) -> dict[int, Review]:
    """The Reviews of these Deliveries; those nobody looked at are missing."""
    rows = session.scalars(select(Review).where(Review.delivery_id.in_(delivery_ids)))
    return {row.delivery_id: row for row in rows}


def out(session: Session, delivery_ids: Collection[int]) -> list[Delivery]:
    """Those of these Deliveries that are in the log, in order."""
    query = select(Delivery).where(Delivery.id.in_(delivery_ids), Delivery.sent_at.is_not(None))
    return list(session.scalars(query.order_by(Delivery.id)))


def keep(session: Session, delivery_id: int, note: str, actor: str, now: datetime) -> None:
    """Note that it was looked at; a second time replaces the first."""
    row = session.scalar(select(Review).where(Review.delivery_id == delivery_id))
    if row is None:
        row = Review(delivery_id=delivery_id)
        session.add(row)
    row.note, row.actor, row.reviewed_at = note, actor, now


def drop(session: Session, delivery_id: int) -> None:
    """Nobody looked at it, after all."""
    session.execute(delete(Review).where(Review.delivery_id == delivery_id))
