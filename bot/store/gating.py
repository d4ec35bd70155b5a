"""One read of what the gates look at: the Delivery, its Account, and which signs call for a closer
look.

A sign says only that there may be something; it never misses what a closer look would find. Made
once, because a send asks twice and putting the clauses together costs more than their answer.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from bot.model.account import Account, Blackout, Pause
from bot.model.base import UtcDateTime
from bot.model.delivery import Attempt, Delivery
from bot.model.stranger import Stranger


@dataclass(frozen=True, slots=True)
class Signs:
    """What there may be, for one Delivery at one time."""

    pause: bool
    blackout: bool
    doubt: bool
    stranger: bool


AT = bindparam("this_moment", type_=UtcDateTime())
PAUSE = exists().where(
    Pause.ended_at.is_(None),
    or_(Pause.account_id.is_(None), Pause.account_id == Account.id),
)
BLACKOUT = exists().where(
    Blackout.removed_at.is_(None),
    Blackout.starts_at <= AT,
    Blackout.ends_at > AT,
    or_(Blackout.account_id.is_(None), Blackout.account_id == Account.id),
)
DOUBT = exists().where(
    Attempt.delivery_id == Delivery.id,
    or_(Attempt.outcome.is_(None), Attempt.outcome == "unknown"),
)
STRANGER = exists().where(Stranger.account_id == Account.id, Stranger.delivery_id.is_(None))
SEEN = (
    select(Delivery, Account, PAUSE, BLACKOUT, DOUBT, STRANGER)
    .join(Account, Account.id == Delivery.account_id)
    .where(Delivery.id == bindparam("this_delivery"))
    .with_for_update(of=Delivery)
    .execution_options(populate_existing=True)
)


def seen(session: Session, delivery_id: int, at: datetime) -> tuple[Delivery, Account, Signs]:
    """The Delivery, on PostgreSQL locked until the transaction ends, its Account and the signs."""
    wanted = {"this_delivery": delivery_id, "this_moment": at}
    delivery, account, *signs = session.execute(SEEN, wanted).one()
    return delivery, account, Signs(*map(bool, signs))
