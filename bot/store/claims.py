"""The claim, its lease and the Attempt: the queries that keep a post from leaving twice.

A claim is one UPDATE that checks everything at once and must change exactly one row. An Attempt is
written, and committed, before its request leaves. What is due is by the bot's clock, leases are by
the store's (`lease_now`).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Update,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from bot.model.account import Account
from bot.model.base import UtcDateTime
from bot.model.delivery import Attempt, Delivery, Part, State, Worker
from bot.store import moves
from bot.store.decisions import last
from bot.store.deliveries import IN_DOUBT_PARKS_AT, is_in_doubt, unsent_parts
from bot.store.roster import On

# What `resolve` records when a person says that a post in doubt is not up.
ABSENT_VERBS = ("not found: absent, now", "not found: absent, next")
HINT_AGAIN_AFTER = timedelta(seconds=30)
TABLE = cast("Table", Delivery.__table__)
HOW_IT_ENDED = ("ended_at", "outcome", "reason", "status", "code", "trace")
# An alias copies every column.
OTHER, DOUBTED = aliased(Delivery), aliased(Delivery)


class Hint(NamedTuple):
    """What is handed over: look at this Delivery."""

    delivery_id: int
    is_urgent: bool


NOW = bindparam("this_moment", type_=UtcDateTime())
IS_DUE = (
    Delivery.state == State.WAITING,
    Delivery.due_at <= NOW,
    or_(Delivery.not_before.is_(None), Delivery.not_before <= NOW),
)


def _account_is_free() -> tuple[ColumnElement[bool], ...]:
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
        or_(Account.parked_until > NOW, Account.behind_since.is_not(None)),
    )
    return (~in_flight.exists(), ~parked.exists(), doubts < IN_DOUBT_PARKS_AT)


def _is_not_hinted(hinted_at: ColumnElement[Any]) -> ColumnElement[bool]:
    """Never handed over, or outside the times of `_hint_times`."""
    before = bindparam("hinted_before", type_=UtcDateTime())
    after = bindparam("hinted_after", type_=UtcDateTime())
    return or_(hinted_at.is_(None), hinted_at < before, hinted_at > after)


def _hint_times(now: datetime) -> dict[str, datetime]:
    """Before the first whoever had a hint is gone; after the second the clock was set back.

    Clocks of several machines differ a little, so a moment ahead is no such clock.
    """
    return {"hinted_before": now - HINT_AGAIN_AFTER, "hinted_after": now + HINT_AGAIN_AFTER}


# All of these are made once: putting their clauses together costs more than most of their answers.
@lru_cache(maxsize=4)
def _due(on: On) -> Select[int]:
    place = func.row_number().over(
        partition_by=Delivery.account_id,
        order_by=(Delivery.urgent.desc(), Delivery.due_at, Delivery.id),
    )
    ranked = (
        select(Delivery.id, Delivery.hinted_at, Delivery.urgent, place.label("place"))
        .where(*IS_DUE, on.owns(Delivery.account_id), *_account_is_free())
        .subquery()
    )
    return (
        select(ranked.c.id)
        .where(ranked.c.place == 1, _is_not_hinted(ranked.c.hinted_at))
        .order_by(ranked.c.urgent.desc(), func.random())
        .limit(bindparam("at_most"))
    )


def due_hints(session: Session, now: datetime, on: On, limit: int = 256) -> Sequence[int]:
    """The next due Delivery of each of these Accounts that is free to send, urgent ones first.

    Where there are more Accounts than may be handed over, each has the same chance: by their times
    those with the longest backlog would come first for ever.
    """
    wanted = {"this_moment": now, "at_most": limit, **_hint_times(now)}
    return session.connection().execute(_due(on), wanted).scalars().all()


def _following() -> Select[int, int]:
    done = aliased(Delivery)
    same_account = (
        select(done.account_id).where(done.id == bindparam("this_delivery")).scalar_subquery()
    )
    return (
        select(Delivery.id, Delivery.account_id)
        .where(
            Delivery.account_id == same_account,
            *IS_DUE,
            *_account_is_free(),
            _is_not_hinted(TABLE.c.hinted_at),
        )
        .order_by(Delivery.urgent.desc(), Delivery.due_at, Delivery.id)
        .limit(1)
    )


FOLLOWING = _following()


def following(session: Session, delivery_id: int, now: datetime) -> tuple[int, int] | None:
    """What else is due, free to send and not handed over, on the Account of that Delivery; and
    that Account."""
    wanted = {"this_delivery": delivery_id, "this_moment": now, **_hint_times(now)}
    found = session.connection().execute(FOLLOWING, wanted).one_or_none()
    return None if found is None else (found.id, found.account_id)


MARKED = (
    update(Delivery)
    .where(
        Delivery.id.in_(
            select(Delivery.id)
            .where(
                Delivery.id.in_(bindparam("these", expanding=True)),
                Delivery.state == State.WAITING,
                _is_not_hinted(TABLE.c.hinted_at),
            )
            .with_for_update(skip_locked=True)
        )
    )
    .values(hinted_at=NOW)
    .returning(Delivery.id, Delivery.urgent)
)


def mark_hinted(session: Session, ids: Collection[int], now: datetime) -> Sequence[Hint]:
    """Take these for handing over; those that another sweep has taken meanwhile are left out."""
    wanted = {"these": list(ids), "this_moment": now, **_hint_times(now)}
    taken = session.connection().execute(MARKED, wanted)
    return [Hint(*row) for row in sorted(taken, key=lambda row: (not row.urgent, row.id))]


def forget_hints(session: Session, ids: Collection[int] | None = None) -> None:
    """Waiting rows (all, or these) count as never handed over; the next sweep takes them."""
    these = () if ids is None else (Delivery.id.in_(ids),)
    session.execute(
        update(Delivery)
        .where(Delivery.state == State.WAITING, Delivery.hinted_at.is_not(None), *these)
        .values(hinted_at=None)
    )


def _claim_statement() -> Update:
    return (
        update(Delivery)
        .where(
            Delivery.id == bindparam("this_delivery"),
            *IS_DUE,
            *_account_is_free(),
            moves.is_open(),
        )
        .values(
            state=State.SENDING.value,
            worker_id=bindparam("its_worker"),
            lease_token=bindparam("its_token"),
            lease_until=bindparam("its_lease"),
            hinted_at=None,
        )
    )


CLAIM = _claim_statement()


_OURS = (
    Delivery.id == bindparam("this_delivery"),
    Delivery.state == State.SENDING,
    Delivery.lease_token == bindparam("its_token"),
)
LET_GO = (
    update(Delivery)
    .where(*_OURS)
    .values(state=State.WAITING.value, lease_until=None, hinted_at=None)
)
RENEW = update(Delivery).where(*_OURS).values(lease_until=bindparam("its_lease"))


def let_go(session: Session, delivery_id: int, token: str) -> bool:
    """Give a claim back before its request has left; False when it is no longer ours."""
    return _changed_one(session, LET_GO, {"this_delivery": delivery_id, "its_token": token})


def claim(
    session: Session,
    delivery_id: int,
    *,
    worker_id: int | None,
    token: str,
    now: datetime,
    lease_until: datetime,
) -> bool:
    """Take one Delivery for sending; False when it is not due, not free, or somebody else's.

    It comes first in its transaction, which may be over where it is False.
    """
    wanted = {
        "this_delivery": delivery_id,
        "this_moment": now,
        "its_worker": worker_id,
        "its_token": token,
        "its_lease": lease_until,
    }
    try:
        return _changed_one(session, CLAIM, wanted)
    except IntegrityError:
        # PostgreSQL has several writers: another one of this Account was claimed meanwhile.
        session.rollback()
        return False


def renew(session: Session, delivery_id: int, token: str, lease_until: datetime) -> bool:
    """Keep the lease for another Part; False when it is no longer ours."""
    wanted = {"this_delivery": delivery_id, "its_token": token, "its_lease": lease_until}
    return _changed_one(session, RENEW, wanted)


ATTEMPT = (
    insert(cast("Table", Attempt.__table__))
    .values(
        delivery_id=bindparam("this_delivery"),
        part_id=bindparam("this_part"),
        n=select(func.coalesce(func.max(Attempt.n), 0) + 1)
        .where(
            Attempt.delivery_id == bindparam("this_delivery"),
            Attempt.part_id == bindparam("this_part"),
        )
        .scalar_subquery(),
        lease_token=bindparam("its_token"),
        worker_id=bindparam("its_worker"),
        started_at=bindparam("this_moment", type_=UtcDateTime()),
    )
    .returning(Attempt.__table__.c.id)
)


def begin_attempt(
    session: Session, delivery: Delivery, part: Part, *, token: str, now: datetime
) -> int:
    """Write the Attempt that must be committed before its request leaves; its id."""
    wanted = {
        "this_delivery": delivery.id,
        "this_part": part.id,
        "its_token": token,
        "its_worker": delivery.worker_id,
        "this_moment": now,
    }
    session.flush()
    number: int = session.connection().execute(ATTEMPT, wanted).scalar_one()
    return number


ENDED = (
    update(Attempt)
    .where(Attempt.id == bindparam("this_attempt"))
    .values({name: bindparam(f"its_{name}") for name in HOW_IT_ENDED})
)


def end_attempt(
    session: Session,
    attempt_id: int,
    *,
    now: datetime,
    outcome: str,
    reason: str | None,
    status: int | None = None,
    code: str | None = None,
    trace: str | None = None,
) -> None:
    """Write how it ended."""
    ended = (now, outcome, reason, status, code, trace)
    wanted = {f"its_{name}": value for name, value in zip(HOW_IT_ENDED, ended, strict=True)}
    session.connection().execute(ENDED, {"this_attempt": attempt_id, **wanted})


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


OF_ATTEMPT = (
    select(Delivery, Part)
    .join(Attempt, Attempt.delivery_id == Delivery.id)
    .join(Part, Part.id == Attempt.part_id)
    .where(Attempt.id == bindparam("this_attempt"))
    .with_for_update(of=Delivery)
    .execution_options(populate_existing=True)
)


def of_attempt(session: Session, attempt_id: int) -> tuple[Delivery, Part]:
    """An Attempt's Delivery, which on PostgreSQL is locked until the end, and its Part."""
    delivery, part = session.execute(OF_ATTEMPT, {"this_attempt": attempt_id}).one()
    return delivery, part


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


def _changed_one(session: Session, statement: Update, wanted: Mapping[str, object]) -> bool:
    # Past the session, which would take as long again to find out which of its rows that changes.
    session.flush()
    return session.connection().execute(statement, wanted).rowcount == 1
