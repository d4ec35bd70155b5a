"""Queries for lists of Deliveries, by what people filter for; never more rows than a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, defer

from bot.model.account import Account
from bot.model.delivery import TROUBLE_HOLDS, Delivery, Hold, Part, State
from bot.model.post import BY_HAND, Post, PostLabel
from bot.store.deliveries import QUEUED, is_to_be_noted

NEEDS_A_PERSON = "needs you"
AHEAD = "ahead"
OUT = "out"
COUNTED = 10_000
LISTS = (NEEDS_A_PERSON, AHEAD, OUT)
# On hold for these the account or the group waits, not this one post.
WAITS_WITH_OTHERS = (Hold.PAUSED.value, Hold.BLACKOUT.value)

Rows = Sequence[tuple[Delivery, Account, Post]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows; None and empty let everything through. Times are in UTC."""

    which: str = AHEAD
    account: str | None = None
    campaign: str | None = None
    label: str | None = None
    state: str | None = None
    author: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def found(session: Session, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """One page of a list: what is ahead next out first, what is out newest first."""
    rows = session.execute(_page(wanted, limit, offset))
    return [(row[0], row[1], row[2]) for row in rows]


def _page(wanted: Wanted, limit: int, offset: int) -> Any:
    at = Delivery.sent_at if wanted.which == OUT else Delivery.due_at
    order: tuple[Any, ...] = (
        (at.desc(), Delivery.id.desc()) if wanted.which == OUT else (at.is_(None), at, Delivery.id)
    )
    # The rows of the page are chosen first: what is joined to each is read for these alone.
    chosen = _where(select(Delivery.id), wanted).order_by(*order).limit(limit).offset(offset)
    return (
        select(Delivery, Account, Post)
        .join(Account, Account.id == Delivery.account_id)
        .join(Post, Post.id == Delivery.post_id)
        .where(Delivery.id.in_(chosen))
        # Long, and no list shows it; what is shown of a Post's words is in its Parts.
        .options(defer(Post.written, raiseload=True))
        .order_by(*order)
    )


def slips(session: Session, wanted: Wanted, limit: int) -> Sequence[Any]:
    """The same as `found`, as the plain columns that a calendar shows of each."""
    chosen = _where(select(Delivery.id), wanted)
    at = Delivery.sent_at if wanted.which == OUT else Delivery.due_at
    order = (at.desc(), Delivery.id.desc()) if wanted.which == OUT else (at, Delivery.id)
    first = select(Part.text).where(Part.delivery_id == Delivery.id).order_by(Part.n).limit(1)
    query = (
        select(
            Delivery.id,
            Delivery.post_id,
            Delivery.state,
            Delivery.holds,
            Delivery.asked_at,
            Delivery.sent_at,
            Delivery.due_at,
            Delivery.by_hand,
            Account.name.label("account"),
            Post.author,
            (Post.source == BY_HAND).label("is_by_hand"),
            func.coalesce(first.scalar_subquery(), "").label("text"),
        )
        .join(Account, Account.id == Delivery.account_id)
        .join(Post, Post.id == Delivery.post_id)
        .where(Delivery.id.in_(chosen.order_by(*order).limit(limit)))
    )
    return session.execute(query).all()


def page(session: Session, wanted: Wanted, limit: int, offset: int = 0) -> tuple[Rows, int]:
    """One page of a list, and how many the list has in all, counted as `count` does."""
    rows = session.execute(
        _page(wanted, limit, offset).add_columns(_count(wanted).scalar_subquery())
    ).all()
    # Beyond the last page there is no row that could say how many there are.
    total = rows[0][3] if rows else count(session, wanted) if offset else 0
    return [(row[0], row[1], row[2]) for row in rows], total


def count(session: Session, wanted: Wanted) -> int:
    """How many the list has in all; counting stops at COUNTED."""
    return session.scalar(_count(wanted)) or 0


def _count(wanted: Wanted) -> Any:
    some = _where(select(Delivery.id), wanted).limit(COUNTED).subquery()
    return select(func.count()).select_from(some)


def _where(query: Any, wanted: Wanted) -> Any:
    at = Delivery.sent_at if wanted.which == OUT else Delivery.due_at
    posts = _posts(wanted)
    conditions: list[ColumnElement[bool]] = [_of_list(wanted.which)]
    conditions += [Delivery.state == wanted.state] if wanted.state else []
    conditions += [at >= wanted.since] if wanted.since else []
    conditions += [at < wanted.until] if wanted.until else []
    if posts is not None:
        conditions = [Delivery.post_id.in_(posts), *map(_by_the_way, conditions)]
    if wanted.account:
        named = select(Account.id).where(Account.name == wanted.account).scalar_subquery()
        owner = Delivery.account_id if posts is None else Delivery.account_id + 0
        conditions.append(owner == named)
    return query.where(and_(*conditions))


def _by_the_way(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same, in words for which no index serves, so that the Posts' own is taken.

    SQLite keeps no figures on its rows and would think few are out, which nearly all are.
    """
    return case((condition, 1), else_=0) == 1


def _posts(wanted: Wanted) -> Any:
    """The ids of the Posts it is about; None where it is about all."""
    plain = ((Post.campaign, wanted.campaign), (Post.author, wanted.author))
    conditions = [column == value for column, value in plain if value]
    if wanted.label:
        labelled = select(PostLabel.post_id).where(PostLabel.label == wanted.label)
        conditions.append(Post.id.in_(labelled))
    return select(Post.id).where(*conditions) if conditions else None


def _of_list(which: str) -> ColumnElement[bool]:
    if which == OUT:
        return Delivery.state == State.SENT
    if which == AHEAD:
        return Delivery.state.in_(QUEUED)
    needs = and_(Delivery.state == State.HELD, Delivery.holds.not_in(_others()))
    return or_(Delivery.state.in_((State.UNCONFIRMED, State.FAILED)), needs, is_to_be_noted())


def _others() -> list[frozenset[str]]:
    one_each = [frozenset({hold}) for hold in WAITS_WITH_OTHERS]
    return [*one_each, frozenset(WAITS_WITH_OTHERS)]


def filed_under(session: Session) -> tuple[list[str], list[str]]:
    """Every campaign and every label, asked for at once."""
    names = union_all(_each(Post.campaign, 0), _each(PostLabel.label, 1))
    found: tuple[list[str], list[str]] = ([], [])
    for place, name in session.execute(names):
        found[place].append(str(name))
    return sorted(found[0]), sorted(found[1])


def _each(column: Any, place: int) -> Select[Any]:
    """Its values, each once: one step into its index for each, however many rows have it."""
    walk = select(func.min(column).label("name")).cte(f"walk_{place}", recursive=True)
    further = select(func.min(column)).where(column > walk.c.name).scalar_subquery()
    walk = walk.union_all(select(further).where(walk.c.name.is_not(None)))
    return select(literal(place), walk.c.name).where(walk.c.name.is_not(None))


def is_urgent(row: Delivery) -> bool:
    """Whether a person must look at it before the ordinary approvals."""
    return row.state in (State.UNCONFIRMED, State.FAILED) or bool(row.holds & TROUBLE_HOLDS)
