"""Queries the figures are read from: posts that are out with their Tallies, in one query each.

Plain columns and no rows of the model: a year of a busy group is read in one go.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from bot.model.account import Account
from bot.model.delivery import Delivery, Part
from bot.model.engagement import Snapshot, Tally
from bot.model.post import Post, PostLabel

NO_IMAGES = "[]"
OPENING = 80
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """Which posts the figures are of; None lets everything through. Times are in UTC."""

    since: datetime | None = None
    until: datetime | None = None
    account: str | None = None
    label: str | None = None
    campaign: str | None = None
    post_ids: tuple[int, ...] | None = None


def parts_out(
    session: Session, asked: Asked, ages: Collection[int], counts: Sequence[str]
) -> Iterator[Any]:
    """A row for each public Part and age it has a Tally at, or one without where it has none.

    A few at a time: all of a year at once would fill the memory of a small machine.
    """
    query = (
        select(
            Delivery.id,
            Delivery.post_id,
            Delivery.wording,
            Delivery.sent_at,
            Delivery.gone_at,
            Account.id.label("account_id"),
            Account.name.label("account"),
            Account.platform,
            Account.timezone,
            Post.campaign,
            Post.author,
            Part.id.label("part_id"),
            _has_link().label("has_link"),
            (cast(Part.images, String) != NO_IMAGES).label("has_image"),
            func.substr(Part.text, 1, OPENING).label("opening"),
            Tally.age_hours,
            *(Tally.__table__.columns[name] for name in counts),
        )
        .join(Post, Post.id == Delivery.post_id)
        .join(Account, Account.id == Delivery.account_id)
        .join(Part, and_(Part.delivery_id == Delivery.id, Part.remote_id.is_not(None)))
        .outerjoin(Tally, and_(Tally.part_id == Part.id, Tally.age_hours.in_(ages)))
        .where(*_of(asked))
        .order_by(Delivery.sent_at, Delivery.id, Part.n)
        .execution_options(yield_per=AT_ONCE)
    )
    yield from session.execute(query)


def _has_link() -> Any:
    return or_(Part.link.is_not(None), Part.text.like("%http://%"), Part.text.like("%https://%"))


# What each word of a question asks of a row.
CONDITIONS: dict[str, Callable[[Any], Any]] = {
    "since": lambda since: Delivery.sent_at >= since,
    "until": lambda until: Delivery.sent_at < until,
    "account": lambda name: Account.name == name,
    "campaign": lambda name: Post.campaign == name,
    "label": lambda name: Post.id.in_(select(PostLabel.post_id).where(PostLabel.label == name)),
    "post_ids": Post.id.in_,
}


def _of(asked: Asked) -> list[Any]:
    wanted = ((name, getattr(asked, name)) for name in CONDITIONS)
    return [Delivery.sent_at.is_not(None)] + [
        CONDITIONS[name](value) for name, value in wanted if value is not None
    ]


def labels(session: Session, asked: Asked) -> dict[int, list[str]]:
    """The labels of those posts by Post, in order; those without are missing."""
    posts = (
        select(Post.id)
        .join(Delivery, Delivery.post_id == Post.id)
        .join(Account, Account.id == Delivery.account_id)
        .where(*_of(asked))
    )
    found: dict[int, list[str]] = {}
    rows = session.execute(
        select(PostLabel.post_id, PostLabel.label)
        .where(PostLabel.post_id.in_(posts))
        .order_by(PostLabel.label)
    )
    for post_id, label in rows:
        found.setdefault(post_id, []).append(label)
    return found


def readings(session: Session, post_id: int) -> Sequence[Any]:
    """Every Snapshot of a Post's Parts, by Delivery and time, with whose it is and when it went."""
    counts = (
        column for column in Snapshot.__table__.columns if column.name not in ("id", "part_id")
    )
    query = (
        select(
            Delivery.id, Delivery.post_id, Delivery.sent_at, Account.name, Account.platform, *counts
        )
        .join(Account, Account.id == Delivery.account_id)
        .join(Part, Part.delivery_id == Delivery.id)
        .join(Snapshot, Snapshot.part_id == Part.id)
        .where(Delivery.post_id == post_id, Delivery.sent_at.is_not(None))
        .order_by(Delivery.id, Snapshot.taken_at)
    )
    return session.execute(query).all()


def links_out(
    session: Session, asked: Asked, *, containing: str
) -> Sequence[tuple[int, str, str, str | None]]:
    """Post, Account's name, text and link field of public Parts whose words contain that."""
    rows = session.execute(
        select(Delivery.post_id, Account.name, Part.text, Part.link)
        .join(Post, Post.id == Delivery.post_id)
        .join(Account, Account.id == Delivery.account_id)
        .join(Part, and_(Part.delivery_id == Delivery.id, Part.remote_id.is_not(None)))
        .where(or_(Part.text.contains(containing), Part.link.contains(containing)), *_of(asked))
        .order_by(Delivery.sent_at, Part.n)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
