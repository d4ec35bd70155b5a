"""What each account does next and did last, by its name: a glance, not a list."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.model.account import Account
from bot.model.delivery import Delivery, State
from bot.store.deliveries import is_sent


def first_due(session: Session) -> dict[str, datetime]:
    """When the next post that waits, or is on hold, is due, by Account's name."""
    rows = session.execute(
        select(Account.name, func.min(Delivery.due_at))
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.state.in_((State.WAITING, State.HELD)), Delivery.due_at.is_not(None))
        .group_by(Account.name)
    )
    return {name: at for name, at in rows if at is not None}


def next_out(session: Session) -> dict[str, datetime]:
    """When the next post goes out, by Account's name; those with none are missing."""
    rows = session.execute(
        select(Account.name, func.min(Delivery.due_at))
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.state == State.WAITING, Delivery.due_at.is_not(None))
        .group_by(Account.name)
    )
    return {name: at for name, at in rows if at is not None}


def last_out(session: Session, account_id: int) -> datetime | None:
    """When a post last went out there."""
    return session.scalar(
        select(Delivery.sent_at)
        .where(Delivery.account_id == account_id, Delivery.sent_at.is_not(None), is_sent())
        .order_by(Delivery.sent_at.desc())
        .limit(1)
    )
