"""Queries the engagement log is read from: what is out, filtered, in any order, a page at a time.

Numbers are chosen and sorted first; what stands in a row is read for these alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from bot.model.account import Account
from bot.model.delivery import Delivery, Part, State
from bot.model.engagement import COUNTS, NEWEST, Tally
from bot.model.post import Post, PostLabel
from bot.model.review import Review

AT_ONCE = 500
Row = tuple[Delivery, Post, Account, Review | None]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which posts, and in which order; None lets everything through. Times are in UTC.

    `standing` leaves out what was withdrawn or is gone. `words` are looked for in what went out,
    whatever their case. `order` is one of ORDERS.
    """

    since: datetime | None = None
    until: datetime | None = None
    account: str | None = None
    campaign: str | None = None
    label: str | None = None
    by_hand: bool | None = None
    reviewed: bool | None = None
    standing: bool | None = None
    words: str | None = None
    order: str = "sent_at"
    falling: bool = True


def _newest(count: str) -> Any:
    """The newest count of all its Parts; NULL where none is known."""
    return (
        select(func.sum(getattr(Tally, count)))
        .join(Part, Part.id == Tally.part_id)
        .where(Part.delivery_id == Delivery.id, Tally.age_hours == NEWEST)
        .correlate(Delivery)
        .scalar_subquery()
    )


def _labels() -> Any:
    first = select(func.min(PostLabel.label)).where(PostLabel.post_id == Delivery.post_id)
    return first.correlate(Delivery).scalar_subquery()


def _said(words: str) -> Any:
    """Whether any of its Parts has these words."""
    part = aliased(Part)
    found = select(part.id).where(
        part.delivery_id == Delivery.id, part.text.icontains(words, autoescape=True)
    )
    return found.correlate(Delivery).exists()


# What each word of a question asks of a row.
CONDITIONS: dict[str, Callable[[Any], Any]] = {
    "since": lambda since: Delivery.sent_at >= since,
    "until": lambda until: Delivery.sent_at < until,
    "account": lambda name: Account.name == name,
    "campaign": lambda name: Post.campaign == name,
    "label": lambda name: Post.id.in_(select(PostLabel.post_id).where(PostLabel.label == name)),
    "by_hand": Delivery.by_hand.is_,
    "reviewed": lambda yes: Review.id.is_not(None) if yes else Review.id.is_(None),
    "standing": lambda _yes: (Delivery.state != State.CANCELLED) & Delivery.gone_at.is_(None),
    "words": _said,
}
# What rows can be sorted by.
ORDERS: dict[str, Callable[[], Any]] = {
    "post": lambda: Delivery.post_id,
    "account": lambda: Account.name,
    "sent_at": lambda: Delivery.sent_at,
    "campaign": lambda: Post.campaign,
    "labels": _labels,
    "made": lambda: Delivery.by_hand,
    "reviewed_at": lambda: Review.reviewed_at,
    **{count: lambda count=count: _newest(count) for count in COUNTS},  # type: ignore[misc]
}


def _where(query: Select[Any], sought: Sought) -> Select[Any]:
    given = ((name, getattr(sought, name)) for name in CONDITIONS)
    return (
        query.select_from(Delivery)
        .join(Post, Post.id == Delivery.post_id)
        .join(Account, Account.id == Delivery.account_id)
        .outerjoin(Review, Review.delivery_id == Delivery.id)
        .where(
            Delivery.sent_at.is_not(None),
            *(CONDITIONS[name](value) for name, value in given if value is not None),
        )
    )


def ids(
    session: Session, sought: Sought, limit: int | None = None, offset: int = 0
) -> Sequence[int]:
    """The Deliveries' numbers in order; those without what they are sorted by come last."""
    by = ORDERS[sought.order]()
    way = [one.desc() if sought.falling else one for one in (by, Delivery.sent_at, Delivery.id)]
    # Everything has been sent: asked whether it was, the database would not go by its index.
    nulls = [] if sought.order == "sent_at" else [by.is_(None)]
    query = _where(select(Delivery.id), sought).order_by(*nulls, *way)
    return session.scalars(query.limit(limit).offset(offset)).all()


def count(session: Session, sought: Sought, most: int) -> int:
    """How many there are; counting stops at `most`."""
    some = _where(select(Delivery.id), sought).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def sums(session: Session, sought: Sought) -> Sequence[Any]:
    """A row an Account: its name, posts, and each count of all of them; NULL where unknown."""
    columns = (func.sum(getattr(Tally, name)).label(name) for name in COUNTS)
    query = (
        _where(
            select(Account.name, func.count(Delivery.id.distinct()).label("posts"), *columns),
            sought,
        )
        .outerjoin(Part, Part.delivery_id == Delivery.id)
        .outerjoin(Tally, (Tally.part_id == Part.id) & (Tally.age_hours == NEWEST))
        .group_by(Account.name)
        .order_by(Account.name)
    )
    return session.execute(query).all()


def rows(session: Session, wanted: Sequence[int]) -> list[Row]:
    """What stands behind these numbers, in their order."""
    query = (
        select(Delivery, Post, Account, Review)
        .join(Post, Post.id == Delivery.post_id)
        .join(Account, Account.id == Delivery.account_id)
        .outerjoin(Review, Review.delivery_id == Delivery.id)
        .where(Delivery.id.in_(wanted))
    )
    found = {row[0].id: (row[0], row[1], row[2], row[3]) for row in session.execute(query)}
    return [found[key] for key in wanted]


def each(session: Session, sought: Sought) -> Iterator[list[Row]]:
    """All of it, AT_ONCE rows at a time."""
    wanted = ids(session, sought)
    for start in range(0, len(wanted), AT_ONCE):
        yield rows(session, wanted[start : start + AT_ONCE])
