"""Queries on the rounds of Posts that recur, and whether one still recurs on an Account."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, and_, bindparam, not_, or_, select
from sqlalchemy.orm import Session, aliased

from bot.model.base import UtcDateTime
from bot.model.delivery import Decision, Delivery, Hold, State
from bot.model.post import Post

TAKEDOWN = "take down"
SKIP = "skip"
END = "end the repeats"

# Why a Post recurs no more on an Account, or not yet; what people read stands in `reports.words`.
TAKEN_DOWN = "taken down"
GONE = "gone"
CANCELLED = "cancelled"
FAILED = "failed"
IN_DOUBT = "in doubt"

# A round kept back for these alone is skipped when it is missed; others want a person first.
SKIPPED_WITH = frozenset({Hold.MISSED, Hold.BLACKOUT, Hold.PAUSED, Hold.BUDGET})


def _latest() -> Select[Delivery]:
    later = aliased(Delivery)
    is_followed = select(later.id).where(
        later.post_id == Delivery.post_id,
        later.account_id == Delivery.account_id,
        later.round > Delivery.round,
    )
    recurring = select(Post.id).where(Post.recurs_until >= bindparam("this_day"))
    return (
        select(Delivery)
        .where(Delivery.post_id.in_(recurring), ~is_followed.exists())
        .order_by(Delivery.id)
    )


def _ripe() -> Select[Delivery]:
    now = bindparam("this_moment", type_=UtcDateTime())
    waits = and_(
        Delivery.state.in_((State.WAITING, State.HELD)),
        or_(Delivery.due_at.is_(None), Delivery.due_at > now),
        or_(
            Delivery.due_at.is_(None),
            Delivery.expires_at.is_(None),
            Delivery.due_at < Delivery.expires_at,
        ),
    )
    earlier = aliased(Delivery)
    is_gone = select(earlier.id).where(
        earlier.post_id == Delivery.post_id,
        earlier.account_id == Delivery.account_id,
        earlier.gone_at.is_not(None),
    )
    is_taken_down = select(Decision.id).where(
        Decision.verb == TAKEDOWN,
        Decision.post_id == Delivery.post_id,
        Decision.account_id == Delivery.account_id,
    )
    return _latest().where(or_(not_(waits), is_gone.exists(), is_taken_down.exists()))


# Made once: the planner asks every second, and an alias copies every column.
LATEST, RIPE = _latest(), _ripe()


def latest(session: Session, since: date, post_id: int | None = None) -> Sequence[Delivery]:
    """The last round on each Account of every Post that recurs, or did until `since`."""
    query = LATEST if post_id is None else LATEST.where(Delivery.post_id == post_id)
    return session.scalars(query, {"this_day": since}).all()


def ripe(session: Session, since: date, now: datetime) -> Sequence[Delivery]:
    """Those of them that may call for something now; one that only awaits its time does not."""
    return session.scalars(RIPE, {"this_day": since, "this_moment": now}).all()


def others(session: Session, row: Delivery) -> Sequence[Delivery]:
    """Every other round of its Post on its Account, newest first."""
    return session.scalars(
        select(Delivery)
        .where(
            Delivery.post_id == row.post_id,
            Delivery.account_id == row.account_id,
            Delivery.id != row.id,
        )
        .order_by(Delivery.round.desc())
    ).all()


def last_out(session: Session, row: Delivery) -> Delivery | None:
    """The newest round of its Post on its Account that went out, itself included."""
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.post_id == row.post_id,
            Delivery.account_id == row.account_id,
            Delivery.sent_at.is_not(None),
        )
        .order_by(Delivery.round.desc())
        .limit(1)
    )


def is_last(session: Session, row: Delivery) -> bool:
    """Whether no round of its Post on its Account follows it."""
    return all(other.round < row.round for other in others(session, row))


def is_approved(session: Session, row: Delivery, digest: str) -> bool:
    """Whether exactly these bytes were approved in a round on that Account."""
    found = session.scalar(
        select(Delivery.id)
        .where(
            Delivery.post_id == row.post_id,
            Delivery.account_id == row.account_id,
            Delivery.approved_digest == digest,
        )
        .limit(1)
    )
    return found is not None


def stopped_because(session: Session, row: Delivery) -> str | None:
    """Why no round follows this last one, or None: then one does while its last day is ahead."""
    if _was_taken_down(session, row):
        return TAKEN_DOWN
    if _was(session, row, END) or (row.state == State.CANCELLED and not _was(session, row, SKIP)):
        return CANCELLED
    if row.is_in_doubt:
        return IN_DOUBT
    if row.state == State.FAILED:
        return FAILED
    out = last_out(session, row)
    return GONE if out is not None and out.gone_at is not None else None


def _was_taken_down(session: Session, row: Delivery) -> bool:
    found = session.scalar(
        select(Decision.id)
        .where(
            Decision.verb == TAKEDOWN,
            Decision.post_id == row.post_id,
            Decision.account_id == row.account_id,
        )
        .limit(1)
    )
    return found is not None


def _was(session: Session, row: Delivery, verb: str) -> bool:
    """Whether that was ever decided about the round itself."""
    query = select(Decision.id).where(Decision.delivery_id == row.id, Decision.verb == verb)
    return session.scalar(query.limit(1)) is not None
