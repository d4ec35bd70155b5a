"""Queries on Alarms: opened and ended by what is seen, and claimed before somebody is told.

A claim that lapses is taken up again: of an alarm, twice is better than never. While it stands
nobody else tells of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.model.account import Account
from bot.model.alarm import Alarm
from bot.model.delivery import Delivery, Hold, State, Timing

# What flickers, such as a post that is tried again, is one trouble and not many.
CALM_FOR = timedelta(minutes=2)
# Longer than every receiver may take together.
CLAIMED_FOR = timedelta(minutes=6)
REMEMBERED_FOR = timedelta(days=7)
TRIED_AGAIN_AFTER = (1, 5, 15, 60)  # minutes
LONGEST_SAID, LONGEST_KEY, LONGEST_ERROR = 2000, 200, 500


@dataclass(frozen=True, slots=True)
class Sighting:
    """One trouble as it is seen just now."""

    name: str
    key: str
    said: str
    began_at: datetime
    urgent: bool


def open_ones(session: Session) -> dict[str, Alarm]:
    """Troubles that have not ended, by key."""
    rows = session.scalars(select(Alarm).where(Alarm.ended_at.is_(None)).order_by(Alarm.id))
    return {row.key: row for row in rows}


def is_news(known: Mapping[str, Alarm], seen: Sequence[Sighting], now: datetime) -> bool:
    """Whether `take_down` would change anything; so that looking alone writes nothing."""
    keys = {one.key for one in seen}
    return any(
        (row := known.get(one.key)) is None or row.gone_at is not None or _is_stale(row, one)
        for one in seen
    ) or any(
        row.gone_at is None or now - row.gone_at >= CALM_FOR
        for key, row in known.items()
        if key not in keys
    )


def take_down(session: Session, seen: Sequence[Sighting], now: datetime) -> None:
    """Open what is new, refresh what nobody was told of yet, and end what is gone for good."""
    known = open_ones(session)
    for one in seen:
        row = known.pop(one.key, None)
        if row is None:
            _open(session, one, now)
            continue
        row.gone_at = None
        if _is_stale(row, one):
            row.said, row.urgent = one.said, one.urgent
    for row in known.values():
        if row.gone_at is None:
            row.gone_at = now
        elif now - row.gone_at >= CALM_FOR:
            row.ended_at, row.next_try_at = row.gone_at, None


def _is_stale(row: Alarm, one: Sighting) -> bool:
    return row.told_at is None and (row.said, row.urgent) != (one.said, one.urgent)


def _open(session: Session, one: Sighting, now: datetime) -> None:
    row = Alarm(
        key=one.key,
        name=one.name,
        said=one.said,
        urgent=one.urgent,
        began_at=one.began_at,
        noticed_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return  # Another process saw it at the same moment.


def _is_to_be_told() -> ColumnElement[bool]:
    """The beginning of what stands, and the end of what somebody was told of, or was to be."""
    begins = and_(Alarm.told_at.is_(None), Alarm.ended_at.is_(None), Alarm.gone_at.is_(None))
    ends = and_(
        Alarm.ended_at.is_not(None),
        Alarm.end_told_at.is_(None),
        or_(Alarm.told_at.is_not(None), Alarm.tries > 0),
    )
    return or_(begins, ends)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(
        or_(Alarm.claimed_until.is_(None), Alarm.claimed_until <= now),
        or_(Alarm.next_try_at.is_(None), Alarm.next_try_at <= now),
    )


def to_tell(session: Session, now: datetime) -> Sequence[Alarm]:
    """What may be claimed now, oldest first."""
    recent = or_(Alarm.ended_at.is_(None), Alarm.ended_at >= now - REMEMBERED_FOR)
    return session.scalars(
        select(Alarm).where(_is_to_be_told(), _is_free(now), recent).order_by(Alarm.id).limit(200)
    ).all()


def claim(session: Session, ids: Collection[int], now: datetime) -> Sequence[Alarm]:
    """Take the right to tell of these; those that nobody else took, as they are now."""
    taken = session.scalars(
        update(Alarm)
        .where(Alarm.id.in_(ids), _is_to_be_told(), _is_free(now))
        .values(claimed_until=now + CLAIMED_FOR)
        .returning(Alarm.id)
    ).all()
    return session.scalars(
        select(Alarm)
        .where(Alarm.id.in_(taken))
        .order_by(Alarm.id)
        .execution_options(populate_existing=True)
    ).all()


def told(session: Session, claimed: Sequence[Alarm], now: datetime, label: str) -> None:
    """A receiver took it: the beginning, or with `ended_at` set when it was claimed, the end."""
    for one in claimed:
        row = session.get_one(Alarm, one.id)
        row.claimed_until, row.next_try_at, row.error = None, None, None
        row.told_to = label
        if one.ended_at is None:
            row.told_at = now
        else:
            row.end_told_at = now


def not_told(session: Session, claimed: Sequence[Alarm], now: datetime, why: str) -> None:
    """No receiver took it: it is tried again, later each time."""
    for one in claimed:
        row = session.get_one(Alarm, one.id)
        minutes = TRIED_AGAIN_AFTER[min(row.tries, len(TRIED_AGAIN_AFTER) - 1)]
        row.claimed_until, row.error = None, why[:LONGEST_ERROR]
        row.tries += 1
        row.next_try_at = now + timedelta(minutes=minutes)


def recent(session: Session, limit: int) -> Sequence[Alarm]:
    """Alarms for a page: those that stand first, then the newest."""
    return session.scalars(
        select(Alarm).order_by(Alarm.ended_at.is_not(None), Alarm.id.desc()).limit(limit)
    ).all()


def unapproved(session: Session, before: datetime) -> Sequence[tuple[Delivery, Account]]:
    """Posts with a typed time before that one which wait for an approver and for nothing worse."""
    rows = session.execute(
        select(Delivery, Account)
        .join(Account, Account.id == Delivery.account_id)
        .where(
            Delivery.state == State.HELD,
            Delivery.timing == Timing.TYPED,
            Delivery.due_at < before,
            Delivery.holds.like(f"%{Hold.APPROVAL}%"),
        )
        .order_by(Delivery.due_at, Delivery.id)
    )
    return [(delivery, account) for delivery, account in rows if not delivery.is_trouble]
