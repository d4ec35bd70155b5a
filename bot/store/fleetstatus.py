"""Queries behind `bot fleet status` and the metrics: Workers, what they hold, backlog, lateness.

Each is one question with a bound, answered by an index or by a small table. Nothing is changed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from bot.model.account import Account, Blackout, Pause
from bot.model.delivery import Attempt, Decision, Delivery, Part, State, Worker

MOST_WORKERS = 500
MOST_HOLDINGS = 2_000
MOST_SENT = 20_000
STOPPED_SHOWN = 5
# What tells an Account to rest; the names are those of `delivery.outcomes`.
TOLD_TO_REST = ("rate limited", "account blocked")
NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Holding:
    """A Delivery that a Worker has claimed and is sending."""

    worker_id: int | None
    delivery_id: int
    post_id: int
    account: str
    lease_until: datetime | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many should be out and are not, how many wait in all, and since when the first is due."""

    due: int
    waiting: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class WentOut:
    """When a Delivery was due and when its first Part was public, and what is known to explain it.

    `was_spaced` where the bot's own rules set a later time, `rested_until` the end of the rest that
    its Account was last told to take.
    """

    account_id: int
    due_at: datetime
    out_at: datetime
    was_decided: bool
    was_spaced: bool
    rested_until: datetime | None


@dataclass(frozen=True, slots=True)
class Interruption:
    """A time in which an Account (or, None, each) was kept from sending; no end while it lasts."""

    account_id: int | None
    began_at: datetime
    ended_at: datetime | None


def seen_since(session: Session, since: datetime) -> list[Worker]:
    """Workers not stopped that gave a sign of life since then, and the last few that stopped."""
    newest = select(Worker.id).order_by(Worker.id.desc()).limit(STOPPED_SHOWN)
    rows = session.scalars(
        select(Worker)
        .where(or_(Worker.stopped_at.is_(None), Worker.id.in_(newest)))
        .order_by(Worker.stopped_at.is_not(None), Worker.seen_at.desc(), Worker.id)
        .limit(MOST_WORKERS)
    )
    return [row for row in rows if row.seen_at >= since]


def holdings(session: Session) -> Sequence[Holding]:
    """What is being sent this moment, by whom."""
    rows = session.execute(
        select(
            Delivery.worker_id, Delivery.id, Delivery.post_id, Account.name, Delivery.lease_until
        )
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.state == State.SENDING)
        .order_by(Delivery.id)
        .limit(MOST_HOLDINGS)
    )
    return [Holding(*row) for row in rows]


def backlog(session: Session, now: datetime) -> Backlog:
    waits = Delivery.state == State.WAITING
    due = select(func.count(), func.min(Delivery.due_at)).where(waits, Delivery.due_at <= now)
    of_due = due.subquery()
    in_all = select(func.count()).where(waits).scalar_subquery()
    row = session.execute(select(*of_due.c, in_all)).one()
    return Backlog(due=row[0], oldest_due_at=row[1], waiting=row[2])


def went_out(session: Session, since: datetime) -> Sequence[WentOut]:
    """Deliveries that were finished since then, newest first; at most MOST_SENT."""
    rows = session.execute(
        select(
            Delivery.account_id,
            Delivery.due_at,
            Part.sent_at,
            _was_decided(),
            _was_spaced(),
            Account.parked_until,
        )
        .join(Part, and_(Part.delivery_id == Delivery.id, Part.n == 1))
        .join(Account, Account.id == Delivery.account_id)
        .where(
            Delivery.state == State.SENT,
            Delivery.sent_at >= since,
            Delivery.due_at.is_not(None),
            Part.sent_at.is_not(None),
            ~Delivery.by_hand,
        )
        .order_by(Delivery.sent_at.desc())
        .limit(MOST_SENT)
    )
    return [
        WentOut(account_id, due_at, out_at, was_decided, was_spaced, rested_until)
        for account_id, due_at, out_at, was_decided, was_spaced, rested_until in rows
        if due_at is not None and out_at is not None
    ]


def _was_decided() -> ColumnElement[bool]:
    """Whether a person decided about it between its time and its going out."""
    of_it = or_(
        Decision.delivery_id == Delivery.id,
        and_(Decision.post_id == Delivery.post_id, Decision.delivery_id.is_(None)),
    )
    between = and_(Decision.made_at > Delivery.due_at, Decision.made_at <= Part.sent_at)
    return select(Decision.id).where(of_it, between).exists()


def _was_spaced() -> ColumnElement[bool]:
    """Whether it was told to wait, and not because nobody was reached."""
    missed = select(Attempt.id).where(
        Attempt.delivery_id == Delivery.id, Attempt.outcome == NOT_REACHED
    )
    told = func.coalesce(Delivery.not_before > Delivery.due_at, False)
    return and_(told, ~missed.exists())


def interruptions(session: Session, since: datetime) -> Sequence[Interruption]:
    """Pauses, quiet times and tries that were told to rest, since then."""
    pauses = select(Pause.account_id, Pause.started_at, Pause.ended_at).where(
        or_(Pause.ended_at.is_(None), Pause.ended_at > since)
    )
    over_early = Blackout.removed_at < Blackout.ends_at
    quiet = select(
        Blackout.account_id,
        Blackout.starts_at,
        case((over_early, Blackout.removed_at), else_=Blackout.ends_at),
    ).where(Blackout.ends_at > since)
    rests = (
        select(Delivery.account_id, Attempt.started_at, Attempt.started_at)
        .join(Delivery, Delivery.id == Attempt.delivery_id)
        .where(Attempt.started_at > since, Attempt.outcome.in_(TOLD_TO_REST))
    )
    return [Interruption(*row) for row in session.execute(union_all(pauses, quiet, rests))]


def resting(session: Session, now: datetime) -> Sequence[Account]:
    """Accounts of which nothing goes out until a time, or until their page was read."""
    return session.scalars(
        select(Account)
        .where(
            Account.removed_at.is_(None),
            or_(Account.parked_until > now, Account.behind_since.is_not(None)),
        )
        .order_by(Account.id)
    ).all()


def named(session: Session, account_ids: Collection[int]) -> Sequence[Account]:
    """These Accounts."""
    return session.scalars(select(Account).where(Account.id.in_(account_ids))).all()


def state_counts(session: Session) -> dict[str, int]:
    """How many of our own stand in each state, counted in indexes alone."""
    counted = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    found: dict[str, int] = {row[0]: row[1] for row in counted}
    by_hand = session.execute(
        select(Delivery.state, func.count()).where(Delivery.by_hand).group_by(Delivery.state)
    )
    for state, count in by_hand:
        found[state] -= count
    return found


def outcomes(session: Session, since: datetime) -> dict[str | None, int]:
    """How the tries begun since then ended; None for those without an answer yet."""
    rows = session.execute(
        select(Attempt.outcome, func.count())
        .where(Attempt.started_at >= since)
        .group_by(Attempt.outcome)
    )
    return {row[0]: row[1] for row in rows}


def hold_counts(session: Session) -> dict[str, int]:
    """How many are on hold, by their reasons together as they are stored."""
    rows = session.execute(
        select(Delivery.holds, func.count())
        .where(Delivery.state == State.HELD)
        .group_by(Delivery.holds)
    )
    found: dict[str, int] = {}
    for holds, count in rows:
        for hold in holds:
            found[hold] = found.get(hold, 0) + count
    return found


def newest_sign(session: Session) -> datetime | None:
    """The newest sign of life of a Worker that has not stopped."""
    return session.scalar(select(func.max(Worker.seen_at)).where(Worker.stopped_at.is_(None)))


def is_here(session: Session, host: str, since: datetime) -> bool:
    """Whether a Worker of that host gave a sign of life since then, and has not stopped."""
    found = session.scalar(
        select(Worker.id)
        .where(Worker.stopped_at.is_(None), Worker.host == host, Worker.seen_at >= since)
        .limit(1)
    )
    return found is not None
