"""Queries on Charges and Bills. Money is kept in millionths of a US dollar.

A month is a calendar month in UTC, as X bills it, written `2026-11`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from bot.model.account import Account
from bot.model.delivery import Decision, Delivery
from bot.model.engagement import Bill, Charge, PaidReading
from bot.model.post import Post
from bot.store.decisions import APPROVALS

MICROS = 1_000_000
# From this share of the month's money on, no post is read more than once a day.
READ_SLOWLY_FROM = Decimal("0.80")
# Past the session, which keeps what is added to ask for it again; nobody does.
WRITTEN = insert(cast("Table", Charge.__table__))
# What a check and the daily count both read of an Account, in place of a remote id.
PROFILE = "profile"


def record(
    session: Session,
    account_id: int,
    purpose: str,
    dollars: Decimal,
    now: datetime,
    delivery_id: int | None = None,
) -> None:
    """Write what a call cost; nothing for what is free."""
    if dollars <= 0:
        return
    charge = {
        "account_id": account_id,
        "made_at": now,
        "purpose": purpose,
        "amount_micros": int(dollars * MICROS),
        "delivery_id": delivery_id,
    }
    session.connection().execute(WRITTEN, charge)


def record_readings(
    session: Session,
    account_id: int,
    purpose: str,
    prices: Mapping[str, Decimal],
    now: datetime,
    delivery_id: int | None = None,
) -> None:
    """Write what reading these cost, by remote id: each is paid for once a UTC day, at the dearest
    way it was read."""
    day = now.astimezone(UTC).date()
    paid = _paid(session, account_id, day, prices)
    dearer = {
        remote_id: int(price * MICROS)
        for remote_id, price in prices.items()
        if int(price * MICROS) > paid.get(remote_id, 0)
    }
    session.add_all(
        PaidReading(account_id=account_id, remote_id=remote_id, day=day, amount_micros=micros)
        for remote_id, micros in dearer.items()
    )
    total = sum(micros - paid.get(remote_id, 0) for remote_id, micros in dearer.items())
    record(session, account_id, purpose, Decimal(total) / MICROS, now, delivery_id)


def _paid(
    session: Session, account_id: int, day: date, remote_ids: Collection[str]
) -> dict[str, int]:
    rows = session.execute(
        select(PaidReading.remote_id, func.max(PaidReading.amount_micros))
        .where(
            PaidReading.account_id == account_id,
            PaidReading.day == day,
            PaidReading.remote_id.in_(remote_ids),
        )
        .group_by(PaidReading.remote_id)
    )
    return {row[0]: row[1] for row in rows}


def month_of(moment: datetime) -> str:
    """The month a moment is billed in."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def month_start(moment: datetime) -> datetime:
    """The first moment of that month."""
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(moment: datetime) -> datetime:
    """The first moment of the month after."""
    start = month_start(moment)
    return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)


def spent_between(
    session: Session, account_id: int, since: datetime, until: datetime | None = None
) -> Decimal:
    """US dollars charged to an Account from `since` to `until`."""
    query = select(func.sum(Charge.amount_micros)).where(
        Charge.account_id == account_id, Charge.made_at >= since
    )
    if until is not None:
        query = query.where(Charge.made_at < until)
    return Decimal(session.scalar(query) or 0) / MICROS


def spent_of(session: Session, account_ids: Collection[int], since: datetime) -> dict[int, Decimal]:
    """US dollars charged since then to each of these Accounts; those without are missing."""
    rows = session.execute(
        select(Charge.account_id, func.sum(Charge.amount_micros))
        .where(Charge.account_id.in_(account_ids), Charge.made_at >= since)
        .group_by(Charge.account_id)
    )
    return {row[0]: Decimal(row[1]) / MICROS for row in rows}


def spent_in_all(session: Session, since: datetime) -> dict[int, Decimal]:
    """The same of every Account that was charged anything."""
    rows = session.execute(
        select(Charge.account_id, func.sum(Charge.amount_micros))
        .where(Charge.made_at >= since)
        .group_by(Charge.account_id)
    )
    return {row[0]: Decimal(row[1]) / MICROS for row in rows}


def spent_by_account(session: Session, since: datetime, until: datetime) -> dict[str, Decimal]:
    """US dollars charged in that time, by Account's name; those without Charges are missing."""
    rows = session.execute(
        select(Account.name, func.sum(Charge.amount_micros))
        .join(Account, Account.id == Charge.account_id)
        .where(Charge.made_at >= since, Charge.made_at < until)
        .group_by(Account.name)
    )
    return {row[0]: Decimal(row[1]) / MICROS for row in rows}


def of_month(
    session: Session, account_ids: Collection[int], since: datetime, until: datetime
) -> Sequence[tuple[Charge, Post | None]]:
    """Every Charge of these Accounts in a month with the Post it was for, oldest first."""
    rows = session.execute(
        select(Charge, Post)
        .outerjoin(Delivery, Delivery.id == Charge.delivery_id)
        .outerjoin(Post, Post.id == Delivery.post_id)
        .where(Charge.account_id.in_(account_ids), Charge.made_at >= since, Charge.made_at < until)
        .order_by(Charge.made_at, Charge.id)
    )
    return [(charge, post) for charge, post in rows]


def approvers(session: Session, delivery_ids: Sequence[int]) -> dict[int, str]:
    """Who approved each Delivery last, where anyone did."""
    rows = session.execute(
        select(Decision.delivery_id, Decision.actor)
        .where(Decision.delivery_id.in_(delivery_ids), Decision.verb.in_(APPROVALS))
        .order_by(Decision.id)
    )
    return {delivery_id: actor for delivery_id, actor in rows if delivery_id is not None}


def bills(session: Session, account_ids: Collection[int], month: str) -> dict[int, Decimal]:
    """US dollars the Platform really charged for that month, where somebody entered it."""
    rows = session.execute(
        select(Bill.account_id, Bill.amount_micros).where(
            Bill.account_id.in_(account_ids), Bill.month == month
        )
    )
    return {row[0]: Decimal(row[1]) / MICROS for row in rows}


def enter_bill(
    session: Session, account_id: int, month: str, dollars: Decimal, now: datetime
) -> Decimal | None:
    """Keep the true charge of a month; the figure it replaces, if there was one."""
    row = session.scalar(select(Bill).where(Bill.account_id == account_id, Bill.month == month))
    before = None if row is None else Decimal(row.amount_micros) / MICROS
    if row is None:
        row = Bill(account_id=account_id, month=month, amount_micros=0, entered_at=now)
        session.add(row)
    row.amount_micros, row.entered_at = int(dollars * MICROS), now
    return before
