"""Queries on Snapshots and what the engagement log is read from."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from bot.model.account import Account
from bot.model.delivery import Delivery, Part, State
from bot.model.engagement import NEWEST, Snapshot, Tally
from bot.model.post import Post, PostLabel
from bot.store import tallies


def record(session: Session, part_id: int, taken_at: datetime, counts: dict[str, Any]) -> None:
    """Add a Snapshot; a second one at the same moment is the same fact and changes nothing."""
    twin = session.scalar(
        select(Snapshot.id).where(Snapshot.part_id == part_id, Snapshot.taken_at == taken_at)
    )
    if twin is None:
        session.add(Snapshot(part_id=part_id, taken_at=taken_at, **counts))
        tallies.keep(session, part_id, taken_at, counts)


def log_rows(
    session: Session,
    *,
    since: datetime | None = None,
    account: str | None = None,
    label: str | None = None,
    campaign: str | None = None,
) -> Sequence[tuple[Delivery, Post, Account]]:
    """Deliveries that are out, withdrawn ones too, newest first."""
    query = (
        select(Delivery, Post, Account)
        .join(Post, Post.id == Delivery.post_id)
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.state.in_((State.SENT, State.CANCELLED)), Delivery.sent_at.is_not(None))
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
    )
    if since is not None:
        query = query.where(Delivery.sent_at >= since)
    if account is not None:
        query = query.where(Account.name == account)
    if campaign is not None:
        query = query.where(Post.campaign == campaign)
    if label is not None:
        query = query.where(Post.id.in_(select(PostLabel.post_id).where(PostLabel.label == label)))
    return [(delivery, post, owner) for delivery, post, owner in session.execute(query)]


def newest(session: Session, delivery_ids: Collection[int]) -> dict[int, list[tuple[Part, Tally]]]:
    """By Delivery, each counted Part with its newest counts."""
    rows = session.execute(
        select(Part, Tally)
        .join(Tally, (Tally.part_id == Part.id) & (Tally.age_hours == NEWEST))
        .where(Part.delivery_id.in_(delivery_ids))
        .order_by(Part.n)
    )
    found: dict[int, list[tuple[Part, Tally]]] = {}
    for part, tally in rows:
        found.setdefault(part.delivery_id, []).append((part, tally))
    return found


def counted_parts(
    session: Session, delivery_ids: Collection[int]
) -> dict[int, list[tuple[Part, Snapshot | None]]]:
    """By Delivery, all its Parts in order, each with its newest Snapshot if it has any."""
    newer = aliased(Snapshot)
    latest = select(func.max(newer.taken_at)).where(newer.part_id == Part.id).scalar_subquery()
    rows = session.execute(
        select(Part, Snapshot)
        .outerjoin(Snapshot, (Snapshot.part_id == Part.id) & (Snapshot.taken_at == latest))
        .where(Part.delivery_id.in_(delivery_ids))
        .order_by(Part.n)
    )
    found: dict[int, list[tuple[Part, Snapshot | None]]] = {key: [] for key in delivery_ids}
    for part, snapshot in rows:
        found[part.delivery_id].append((part, snapshot))
    return found


def last_taken(session: Session, delivery_ids: Collection[int]) -> dict[int, datetime]:
    """When each Delivery was counted last; those never counted are missing."""
    rows = session.execute(
        select(Part.delivery_id, func.max(Snapshot.taken_at))
        .join(Snapshot, Snapshot.part_id == Part.id)
        .where(Part.delivery_id.in_(delivery_ids))
        .group_by(Part.delivery_id)
    )
    return {row[0]: row[1] for row in rows}


def history(session: Session, delivery_ids: Collection[int]) -> Sequence[tuple[Part, Snapshot]]:
    """Every Snapshot of these Deliveries' Parts in time order."""
    rows = session.execute(
        select(Part, Snapshot)
        .join(Snapshot, Snapshot.part_id == Part.id)
        .where(Part.delivery_id.in_(delivery_ids))
        .order_by(Snapshot.taken_at, Part.n)
    )
    return [(part, snapshot) for part, snapshot in rows]
