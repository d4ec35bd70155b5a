"""Queries on Snapshots, and on what Accounts count of themselves."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.model.account import Account
from bot.model.delivery import Part
from bot.model.engagement import COUNTS, NEWEST, AccountCount, Snapshot, Tally
from bot.store import tallies


def record(session: Session, part_id: int, taken_at: datetime, counts: dict[str, Any]) -> None:
    """Add a Snapshot; a second one at the same moment is the same fact and changes nothing."""
    twin = session.scalar(
        select(Snapshot.id).where(Snapshot.part_id == part_id, Snapshot.taken_at == taken_at)
    )
    if twin is None:
        session.add(Snapshot(part_id=part_id, taken_at=taken_at, **counts))
        tallies.keep(session, part_id, taken_at, counts)


def counted_parts(
    session: Session, delivery_ids: Collection[int]
) -> dict[int, list[tuple[Part, Tally | None]]]:
    """By Delivery, all its Parts in order, each with its newest counts if it has any."""
    rows = session.execute(
        select(Part, Tally)
        .outerjoin(Tally, (Tally.part_id == Part.id) & (Tally.age_hours == NEWEST))
        .where(Part.delivery_id.in_(delivery_ids))
        .order_by(Part.n)
    )
    found: dict[int, list[tuple[Part, Tally | None]]] = {key: [] for key in delivery_ids}
    for part, tally in rows:
        found[part.delivery_id].append((part, tally))
    return found


def accounts_to_count(session: Session, now: datetime, after: int, limit: int) -> Sequence[int]:
    """Ids after that one of Accounts met before today whose own counts of today are not there, and
    which may be read."""
    today = now.astimezone(UTC).date()
    counted = select(AccountCount.account_id).where(AccountCount.day == today)
    rests = [Account.parked_until, Account.unreadable_until]
    return session.scalars(
        select(Account.id)
        .where(
            Account.id > after,
            Account.removed_at.is_(None),
            Account.created_at < datetime.combine(today, time(), UTC),
            *(or_(until.is_(None), until <= now) for until in rests),
            Account.id.not_in(counted),
        )
        .order_by(Account.id)
        .limit(limit)
    ).all()


def record_account(
    session: Session, account_id: int, taken_at: datetime, counts: Mapping[str, int | None]
) -> None:
    """Add an Account's counts of a UTC day; a second reading of the day changes nothing."""
    day = taken_at.astimezone(UTC).date()
    twin = select(AccountCount.account_id).where(
        AccountCount.account_id == account_id, AccountCount.day == day
    )
    if session.scalar(twin) is None:
        session.add(AccountCount(account_id=account_id, day=day, taken_at=taken_at, **counts))


def newest_id(session: Session) -> int:
    """The number of the last Snapshot that was written; 0 where there is none."""
    return session.scalar(select(func.max(Snapshot.id))) or 0


def account_days(
    session: Session, account_ids: Collection[int], since: date, until: date
) -> Sequence[AccountCount]:
    """The daily counts of several Accounts, both days included, oldest first."""
    query = select(AccountCount).where(
        AccountCount.account_id.in_(account_ids),
        AccountCount.day >= since,
        AccountCount.day <= until,
    )
    return session.scalars(query.order_by(AccountCount.day)).all()


def is_flat(session: Session, part_ids: Collection[int]) -> bool:
    """Whether each of these was read twice and the last two readings say the same.

    What only one of the two knew is no movement.
    """
    readings: dict[int, list[Snapshot]] = {part_id: [] for part_id in part_ids}
    for one in session.scalars(
        select(Snapshot).where(Snapshot.part_id.in_(part_ids)).order_by(Snapshot.taken_at.desc())
    ):
        readings[one.part_id].append(one)
    return bool(readings) and all(_are_equal(found[:2]) for found in readings.values())


def _are_equal(pair: Sequence[Snapshot]) -> bool:
    if len(pair) < 2:
        return False
    known = ((getattr(pair[0], name), getattr(pair[1], name)) for name in COUNTS)
    return all(new == old for new, old in known if None not in (new, old))


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
