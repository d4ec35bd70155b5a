"""The claim, its lease and the Attempt: the queries that keep a post from leaving twice.

A claim is one UPDATE that checks everything at once and must change exactly one row. An Attempt is
written, and committed, before its request leaves. What is due is by the bot's clock, leases are by
the store's (`lease_now`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Update, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from bot.model.account import Account
from bot.model.delivery import Attempt, Delivery, Part, State, Worker
from bot.store import moves
from bot.store.decisions import last
from bot.store.deliveries import IN_DOUBT_PARKS_AT, is_in_doubt, unsent_parts

# What `resolve` records when a person says that a post in doubt is not up.
ABSENT_VERBS = ("not found: absent, now", "not found: absent, next")
HINT_AGAIN_AFTER = timedelta(seconds=30)
# Made once: the sweep asks twice a second, and an alias copies every column.
OTHER, DOUBTED = aliased(Delivery), aliased(Delivery)


def _is_due(now: datetime) -> tuple[object, ...]:
    return (
        Delivery.state == State.WAITING,
        Delivery.due_at <= now,
        or_(Delivery.not_before.is_(None), Delivery.not_before <= now),
    )


def _account_is_free(now: datetime) -> tuple[object, ...]:
    """No other request in flight, not parked or behind, and not two of its posts in doubt."""
    doubts = (
        select(func.count())
        .where(DOUBTED.account_id == Delivery.account_id, is_in_doubt(DOUBTED))
        .scalar_subquery()
    )
    in_flight = select(OTHER.id).where(
        OTHER.account_id == Delivery.account_id, OTHER.state == State.SENDING
    )
    parked = select(Account.id).where(
        Account.id == Delivery.account_id,
        or_(Account.parked_until > now, Account.behind_since.is_not(None)),
    )
    return (~in_flight.exists(), ~parked.exists(), doubts < IN_DOUBT_PARKS_AT)


def due_hints(
    session: Session, now: datetime, account_ids: Collection[int], limit: int = 256
) -> Sequence[int]:
    """The next due Delivery of each of these Accounts that is free to send, urgent ones first."""
    place = func.row_number().over(
        partition_by=Delivery.account_id,
        order_by=(Delivery.urgent.desc(), Delivery.due_at, Delivery.id),
    )
    ranked = (
        select(Delivery.id, Delivery.hinted_at, place.label("place"))
        .where(
            *_is_due(now),  # type: ignore[arg-type]
            Delivery.account_id.in_(account_ids),
            *_account_is_free(now),  # type: ignore[arg-type]
        )
        .subquery()
    )
    not_hinted = or_(
        ranked.c.hinted_at.is_(None),
        ranked.c.hinted_at < now - HINT_AGAIN_AFTER,
        ranked.c.hinted_at > now,
    )
    return session.scalars(
        select(ranked.c.id).where(ranked.c.place == 1, not_hinted).limit(limit)
    ).all()


def mark_hinted(session: Session, ids: Collection[int], now: datetime) -> None:
    session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(hinted_at=now))


def forget_hints(session: Session) -> None:
    """Waiting rows count as never handed over, so that the next sweep takes them at once."""
    session.execute(
        update(Delivery)
        .where(Delivery.state == State.WAITING, Delivery.hinted_at.is_not(None))
        .values(hinted_at=None)
    )


def claim(
    session: Session,
    delivery_id: int,
    *,
    worker_id: int | None,
    token: str,
    now: datetime,
    lease_until: datetime,
) -> bool:
    """Take one Delivery for sending; False when it is not due, not free, or somebody else's."""
    try:
        with session.begin_nested():
            return _changed_one(
                session,
                update(Delivery)
                .where(
                    Delivery.id == delivery_id,
                    *_is_due(now),  # type: ignore[arg-type]
                    *_account_is_free(now),  # type: ignore[arg-type]
                    moves.is_open(),
                )
                .values(
                    state=State.SENDING.value,
                    worker_id=worker_id,
                    lease_token=token,
                    lease_until=lease_until,
                    hinted_at=None,
                ),
            )
    except IntegrityError:
        return False


def renew(session: Session, delivery_id: int, token: str, lease_until: datetime) -> bool:
    """Keep the lease for another Part; False when it is no longer ours."""
    return _changed_one(
        session,
        update(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.state == State.SENDING,
            Delivery.lease_token == token,
        )
        .values(lease_until=lease_until),
    )


def begin_attempt(
    session: Session, delivery: Delivery, part: Part, *, token: str, now: datetime
) -> Attempt:
    """Write the Attempt that must be committed before its request leaves."""
    last = session.scalar(
        select(func.max(Attempt.n)).where(
            Attempt.delivery_id == delivery.id, Attempt.part_id == part.id
        )
    )
    attempt = Attempt(
        delivery_id=delivery.id,
        part_id=part.id,
        n=(last or 0) + 1,
        lease_token=token,
        worker_id=delivery.worker_id,
        started_at=now,
    )
    session.add(attempt)
    session.flush()
    return attempt


def expired(session: Session, now: datetime) -> Sequence[int]:
    """Ids of Deliveries being sent whose lease ran out."""
    return session.scalars(
        select(Delivery.id).where(Delivery.state == State.SENDING, Delivery.lease_until < now)
    ).all()


def left_by_others(session: Session, worker_id: int) -> Sequence[int]:
    """Ids of Deliveries being sent by any Worker but this one."""
    return session.scalars(
        select(Delivery.id).where(
            Delivery.state == State.SENDING,
            or_(Delivery.worker_id.is_(None), Delivery.worker_id != worker_id),
        )
    ).all()


def left_by_dead(session: Session, seen_before: datetime) -> Sequence[int]:
    """Ids of Deliveries being sent by a Worker that stopped, or gave no sign of life since."""
    return session.scalars(
        select(Delivery.id)
        .join(Worker, Worker.id == Delivery.worker_id)
        .where(
            Delivery.state == State.SENDING,
            or_(Worker.stopped_at.is_not(None), Worker.seen_at < seen_before),
        )
    ).all()


def open_attempt(session: Session, delivery_id: int, token: str | None) -> Attempt | None:
    """The Attempt of this claim that has no outcome yet."""
    return session.scalar(
        select(Attempt)
        .where(
            Attempt.delivery_id == delivery_id,
            Attempt.lease_token == token,
            Attempt.ended_at.is_(None),
        )
        .order_by(Attempt.id.desc())
        .limit(1)
    )


def last_attempt(session: Session, delivery_id: int) -> Attempt | None:
    return session.scalar(
        select(Attempt)
        .where(Attempt.delivery_id == delivery_id)
        .order_by(Attempt.id.desc())
        .limit(1)
    )


def doubted_attempts(session: Session, part_id: int) -> Sequence[Attempt]:
    """Attempts of a Part that may have published it: no outcome, or an unknown one."""
    return session.scalars(
        select(Attempt)
        .where(
            Attempt.part_id == part_id,
            or_(Attempt.outcome.is_(None), Attempt.outcome == "unknown"),
        )
        .order_by(Attempt.id)
    ).all()


def open_doubts(session: Session, delivery_id: int) -> Sequence[Attempt]:
    """Doubted Attempts of the first Part that is not out, since a person last said it is absent."""
    part = next(iter(unsent_parts(session, delivery_id)), None)
    answer = last(session, delivery_id, ABSENT_VERBS)
    if part is None:
        return []
    return [
        attempt
        for attempt in doubted_attempts(session, part.id)
        if answer is None or attempt.started_at > answer.made_at
    ]


def attempts(session: Session, delivery_ids: Collection[int]) -> Sequence[Attempt]:
    return session.scalars(
        select(Attempt).where(Attempt.delivery_id.in_(delivery_ids)).order_by(Attempt.id)
    ).all()


def _changed_one(session: Session, statement: Update) -> bool:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return bool(getattr(result, "rowcount", 0) == 1)
