"""Queries on Proofs: one for each Part that went out, written with it and never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, insert, select
from sqlalchemy.orm import Session

from bot.model.account import Account
from bot.model.delivery import Decision, Delivery, Part, Proof
from bot.store import accounts
from bot.store.decisions import APPROVALS

IN_POST, NONE = "post", "none"
# Whether another Part is not out yet, whether this one is proven already, and who approved it last.
KNOWN = select(
    exists().where(
        Part.delivery_id == bindparam("this_delivery"),
        Part.id != bindparam("this_part"),
        Part.remote_id.is_(None),
    ),
    exists().where(Proof.part_id == bindparam("this_part")),
    select(Decision.actor)
    .where(Decision.delivery_id == bindparam("this_delivery"), Decision.verb.in_(APPROVALS))
    .order_by(Decision.id.desc())
    .limit(1)
    .scalar_subquery(),
)


# Past the session, which keeps what is added to ask for it again; nobody does.
WRITTEN = insert(cast("Table", Proof.__table__))


def record(session: Session, delivery: Delivery, part: Part, now: datetime) -> bool:
    """Prove a Part that has just become public; a second time changes nothing.

    Whether another Part of it is not out yet, which is read with it.
    """
    wanted = {"this_part": part.id, "this_delivery": delivery.id}
    line = session.connection()
    left, proven, approver = line.execute(KNOWN, wanted).one()
    if not proven and part.remote_id is not None and part.sent_at is not None:
        line.execute(WRITTEN, _of(session, delivery, part, now, approver))
    return bool(left)


def _of(
    session: Session, delivery: Delivery, part: Part, now: datetime, approver: str | None
) -> dict[str, Any]:
    place = delivery.imprint_place or NONE
    elsewhere = place not in (IN_POST, NONE)
    check = accounts.last_check(session, delivery.account_id) if elsewhere else None
    is_there = check is not None and place in (check.imprint_places or ())
    return {
        "part_id": part.id,
        "delivery_id": delivery.id,
        "made_at": now,
        "sent_at": part.sent_at,
        "remote_id": part.remote_id,
        "text": part.text,
        "link": part.link,
        "imprint": delivery.imprint,
        "place": place,
        "reason": delivery.imprint_reason,
        "seen_there_at": check.taken_at if check and is_there else None,
        "approver": approver,
    }


def all_of(
    session: Session, since: datetime | None = None, account: str | None = None
) -> Sequence[tuple[Proof, Part, Delivery, Account]]:
    """Every Proof, oldest first."""
    query = (
        select(Proof, Part, Delivery, Account)
        .join(Part, Part.id == Proof.part_id)
        .join(Delivery, Delivery.id == Proof.delivery_id)
        .join(Account, Account.id == Delivery.account_id)
        .order_by(Proof.sent_at, Proof.id)
    )
    if since is not None:
        query = query.where(Proof.sent_at >= since)
    if account is not None:
        query = query.where(Account.name == account)
    return [
        (proof, part, delivery, owner) for proof, part, delivery, owner in session.execute(query)
    ]
