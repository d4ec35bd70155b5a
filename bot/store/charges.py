"""Queries on Charges. Money is kept in millionths of a US dollar."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.model.engagement import Charge

MICROS = 1_000_000


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
    session.add(
        Charge(
            account_id=account_id,
            made_at=now,
            purpose=purpose,
            amount_micros=int(dollars * MICROS),
            delivery_id=delivery_id,
        )
    )


def spent_since(session: Session, account_id: int, since: datetime) -> Decimal:
    """US dollars charged to an Account since then."""
    micros = session.scalar(
        select(func.sum(Charge.amount_micros)).where(
            Charge.account_id == account_id, Charge.made_at >= since
        )
    )
    return Decimal(micros or 0) / MICROS
