"""Queries on Strangers, and on the Accounts whose timelines are to be read for them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, defer

from bot.model.account import Account
from bot.model.delivery import Attempt, Decision, Delivery, Hold, Part, State
from bot.model.stranger import Stranger
from bot.store.decisions import HISTORY

# No claim gives such a token, so an Attempt with it is evidence found later.
RESTORED_TOKEN = "restored"  # noqa: S105  the name of a lease, no secret
# Whose words a Stranger may have: all that could still go out, or lately did.
OPEN = (State.WAITING, State.HELD, State.SENDING, State.UNCONFIRMED, State.FAILED)


def to_read(session: Session, now: datetime, soon: datetime) -> Sequence[Account]:
    """Accounts whose timeline matters now: something is due by `soon`, they are behind, or they
    were never read and hold what was found at their first run; none that must be let alone."""
    due = exists().where(
        Delivery.account_id == Account.id,
        Delivery.state == State.WAITING,
        Delivery.due_at <= soon,
    )
    found_at_first = exists().where(
        Delivery.account_id == Account.id,
        Delivery.state == State.HELD,
        Delivery.holds.like(f"%{Hold.FIRST_RUN}%"),
    )
    return session.scalars(
        select(Account)
        .where(
            Account.removed_at.is_(None),
            or_(Account.parked_until.is_(None), Account.parked_until <= now),
            or_(Account.unreadable_until.is_(None), Account.unreadable_until <= now),
            or_(
                Account.behind_since.is_not(None),
                due,
                and_(Account.last_read_at.is_(None), found_at_first),
            ),
        )
        .order_by(Account.id)
        .options(defer(Account.credentials))
    ).all()


def fall_behind(session: Session, since: datetime) -> None:
    """Send nothing on any Account until its timeline since then was read; the longer gap stays."""
    session.execute(
        update(Account)
        .where(
            Account.removed_at.is_(None),
            or_(Account.behind_since.is_(None), Account.behind_since > since),
        )
        .values(behind_since=since, behind_tries=0, behind_reason=None)
    )


def catch_up(session: Session, account: Account) -> None:
    """The timeline was read, or a person was told that it cannot be: sending goes on at once."""
    account.behind_since = account.behind_reason = None
    account.behind_tries = 0
    session.execute(
        update(Delivery)
        .where(Delivery.account_id == account.id, Delivery.state == State.WAITING)
        .values(hinted_at=None)
    )


def behind(session: Session) -> Sequence[Account]:
    return session.scalars(
        select(Account)
        .where(Account.removed_at.is_(None), Account.behind_since.is_not(None))
        .order_by(Account.id)
    ).all()


def add(session: Session, rows: Collection[Mapping[str, Any]]) -> None:
    """Keep what no Part and no other Stranger of the Account has the id of."""
    if not rows:
        return
    account_id = next(iter(rows))["account_id"]
    wanted = [row["remote_id"] for row in rows]
    ours = (
        select(Part.remote_id)
        .join(Delivery, Delivery.id == Part.delivery_id)
        .where(Delivery.account_id == account_id, ~Delivery.by_hand, Part.remote_id.in_(wanted))
    )
    theirs = select(Stranger.remote_id).where(
        Stranger.account_id == account_id, Stranger.remote_id.in_(wanted)
    )
    known = {*session.scalars(ours), *session.scalars(theirs)}
    session.add_all(Stranger(**row) for row in rows if row["remote_id"] not in known)
    session.flush()


def unmatched(
    session: Session, account_id: int, since: datetime | None = None
) -> Sequence[Stranger]:
    """Those whose words are nobody's yet, oldest first; what turned out to be ours is none.

    With `since` only those published from then on, or while this database was not alive.
    """
    ours = (
        exists()
        .where(Part.remote_id == Stranger.remote_id, Delivery.id == Part.delivery_id)
        .where(Delivery.account_id == account_id, ~Delivery.by_hand)
    )
    query = select(Stranger).where(
        Stranger.account_id == account_id, Stranger.delivery_id.is_(None), ~ours
    )
    if since is not None:
        query = query.where(or_(Stranger.published_at >= since, Stranger.unattended))
    return session.scalars(query.order_by(Stranger.published_at, Stranger.id)).all()


def last_attempt_id(session: Session) -> int:
    return session.scalar(select(func.max(Attempt.id))) or 0


def found_in_restore(session: Session, after: int) -> Sequence[tuple[Part, Delivery, Account]]:
    """Parts that a timeline showed after a backup was put back, by Attempts after that one."""
    rows = session.execute(
        select(Part, Delivery, Account)
        .join(Attempt, Attempt.part_id == Part.id)
        .join(Delivery, Delivery.id == Part.delivery_id)
        .join(Account, Account.id == Delivery.account_id)
        .where(Attempt.lease_token == RESTORED_TOKEN, Attempt.id > after)
        .order_by(Part.delivery_id, Part.n)
    )
    return [(part, delivery, account) for part, delivery, account in rows]


def lately_out_twice(session: Session, since: datetime) -> Sequence[tuple[Stranger, Delivery]]:
    """Second copies of posts of ours that were noticed since then."""
    rows = session.execute(
        select(Stranger, Delivery)
        .join(Delivery, Delivery.id == Stranger.delivery_id)
        .where(Stranger.matched_at >= since, Delivery.state == State.SENT)
        .order_by(Stranger.id)
    )
    return [(stranger, delivery) for stranger, delivery in rows]


def candidates(session: Session, account_id: int, out_since: datetime) -> Sequence[Delivery]:
    """Deliveries whose words a Stranger may have, the oldest first."""
    lately_out = and_(Delivery.state == State.SENT, Delivery.sent_at >= out_since)
    return session.scalars(
        select(Delivery)
        .where(
            Delivery.account_id == account_id,
            ~Delivery.by_hand,
            or_(Delivery.state.in_(OPEN), lately_out),
        )
        .order_by(Delivery.id)
    ).all()


def matched_count(session: Session, account_id: int, since: datetime) -> int:
    """Of how many Deliveries a twin by somebody else was noticed since then."""
    return (
        session.scalar(
            select(func.count(func.distinct(Stranger.delivery_id))).where(
                Stranger.account_id == account_id, Stranger.matched_at >= since
            )
        )
        or 0
    )


def last_resumed(session: Session, account_id: int) -> datetime | None:
    """When a person last ended a pause of the Account, or of all."""
    return session.scalar(
        select(func.max(Decision.made_at)).where(
            Decision.verb == "resume",
            or_(Decision.account_id.is_(None), Decision.account_id == account_id),
        )
    )


def past_read_at(session: Session, account_id: int) -> datetime | None:
    """When a person last had the Account's past read in."""
    return session.scalar(
        select(func.max(Decision.made_at)).where(
            Decision.verb == HISTORY, Decision.account_id == account_id
        )
    )


def oldest_open(session: Session, account_id: int) -> datetime | None:
    """When the oldest Delivery that may still go out was queued."""
    return session.scalar(
        select(func.min(Delivery.created_at)).where(
            Delivery.account_id == account_id, Delivery.state.in_(OPEN)
        )
    )


def forget(session: Session, account_id: int, before: datetime) -> None:
    session.execute(
        delete(Stranger).where(Stranger.account_id == account_id, Stranger.published_at < before)
    )
