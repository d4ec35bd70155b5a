"""Queries on the times of Deliveries: which have none, which are taken, and what is beside what.

What was made by hand takes no time of ours: nothing here sees it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, literal, select, union_all
from sqlalchemy.orm import Session

from bot.model.account import Account
from bot.model.delivery import Delivery, Hold, State, Timing
from bot.store.deliveries import went_out


def unplanned(session: Session, limit: int = 500) -> Sequence[int]:
    """Ids of waiting or held Deliveries without a time, oldest first, urgent before others."""
    return session.scalars(
        select(Delivery.id)
        .where(Delivery.state.in_((State.WAITING, State.HELD)), Delivery.due_at.is_(None))
        .order_by(Delivery.urgent.desc(), Delivery.id)
        .limit(limit)
    ).all()


def slots_gone_by(session: Session, before: datetime, limit: int = 500) -> Sequence[Delivery]:
    """Deliveries that wait for a Slot which started before that time.

    Not of Accounts that are behind: a post that may be out already gets no new time.
    """
    behind = select(Account.id).where(Account.behind_since.is_not(None))
    return session.scalars(
        select(Delivery)
        .where(
            Delivery.state.in_((State.WAITING, State.HELD)),
            Delivery.timing == Timing.NEXT,
            Delivery.slot_start < before,
            Delivery.account_id.not_in(behind),
        )
        .order_by(Delivery.slot_start, Delivery.id)
        .limit(limit)
    ).all()


def _planned(after: datetime) -> ColumnElement[bool]:
    return and_(
        Delivery.state.in_((State.WAITING, State.HELD, State.SENDING)),
        Delivery.due_at > after,
        ~Delivery.holds.like(f"%{Hold.MISSED}%"),
    )


def taken_times(session: Session, account_id: int, after: datetime) -> Sequence[datetime]:
    """Every time after `after` at which something goes, or went, out on the Account."""
    planned = select(Delivery.due_at).where(Delivery.account_id == account_id, _planned(after))
    published = select(Delivery.sent_at).where(Delivery.account_id == account_id, went_out(after))
    rows = session.scalars(planned.union_all(published))
    return sorted(moment for moment in rows if moment is not None)


Taken = tuple[frozenset[datetime], tuple[datetime, ...]]


def taken(
    session: Session,
    account_ids: Collection[int],
    after: datetime,
    spacing: timedelta,
    until: datetime,
) -> dict[int, Taken]:
    """By Account: Slots after that time that a Delivery holds, whatever its state, since each is
    used once; and in order every time, from the spacing before, at which something goes out; of
    both what matters for Slots up to `until`."""
    kinds = (
        (True, Delivery.slot_start, Delivery.slot_start > after),
        (False, Delivery.due_at, _planned(after - spacing)),
        (False, Delivery.sent_at, went_out(after - spacing)),
    )
    asked = (
        select(Delivery.account_id, literal(is_slot), at).where(
            Delivery.account_id.in_(account_ids),
            condition,
            at <= until + spacing,
        )
        for is_slot, at, condition in kinds
    )
    slots: dict[int, set[datetime]] = {key: set() for key in account_ids}
    times: dict[int, list[datetime]] = {key: [] for key in account_ids}
    for account_id, is_slot, moment in session.execute(union_all(*asked)):
        if moment is not None:
            (slots[account_id].add if is_slot else times[account_id].append)(moment)
    return {key: (frozenset(slots[key]), tuple(sorted(times[key]))) for key in account_ids}


def last_out(session: Session, account_id: int) -> datetime | None:
    """When something last went out, or may have, on the Account."""
    of_it = and_(Delivery.account_id == account_id, ~Delivery.by_hand)
    # Each is one step into an index; the greatest over both would read all it ever had.
    out = (
        select(Delivery.sent_at)
        .where(of_it, Delivery.sent_at.is_not(None))
        .order_by(Delivery.sent_at.desc())
        .limit(1)
    )
    doubted = (
        select(Delivery.doubt_since)
        .where(of_it, Delivery.doubt_since.is_not(None), Delivery.sent_at.is_(None))
        .order_by(Delivery.doubt_since.desc())
        .limit(1)
    )
    moments = session.execute(select(out.scalar_subquery(), doubted.scalar_subquery())).one()
    return max((at for at in moments if at is not None), default=None)


def neighbour(session: Session, row: Delivery, *, earlier: bool) -> Delivery | None:
    """The nearest waiting or held one of its Account with a Slot before or after it."""
    beside = (
        Delivery.slot_start < row.slot_start if earlier else Delivery.slot_start > row.slot_start
    )
    order = Delivery.slot_start.desc() if earlier else Delivery.slot_start
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.account_id == row.account_id,
            Delivery.state.in_((State.WAITING, State.HELD)),
            Delivery.timing == Timing.NEXT,
            beside,
        )
        .order_by(order)
        .limit(1)
        .with_for_update()
    )
