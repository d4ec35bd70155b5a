"""Queries on Articles after they were seen: what became of them, and what still waits."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.model.delivery import Delivery, Hold, State
from bot.model.feed import Article, Feed
from bot.model.post import Post

BECAME_POSTS = ("post", "review")
STREAK_LOOKED_AT = 60


def get(session: Session, feed_id: int, article_id: int) -> Article:
    """One Article of a Feed; NotFound otherwise."""
    row = session.get(Article, article_id)
    if row is None or row.feed_id != feed_id:
        raise NotFound(f"The feed has no article {article_id}.")
    return row


def of_post(session: Session, post_id: int) -> Article | None:
    """The Article a Post was made of."""
    found = of_post_with_feed(session, post_id)
    return found[0] if found is not None else None


def of_post_with_feed(session: Session, post_id: int) -> tuple[Article, Feed] | None:
    """The same with its Feed."""
    row = session.execute(
        select(Article, Feed)
        .join(Feed, Feed.id == Article.feed_id)
        .where(Article.post_id == post_id)
        .limit(1)
    ).first()
    return (row[0], row[1]) if row is not None else None


def newest(session: Session, feed_id: int, limit: int) -> Sequence[Article]:
    """The Feed's newest Articles, newest first."""
    return session.scalars(
        select(Article)
        .where(Article.feed_id == feed_id)
        .order_by(func.coalesce(Article.published_at, Article.seen_at).desc(), Article.id.desc())
        .limit(limit)
    ).all()


def taken_since(session: Session, feed_id: int, since: datetime) -> int:
    """How many Articles of a Feed became Posts since then."""
    return (
        session.scalar(
            select(func.count(Article.id)).where(
                Article.feed_id == feed_id,
                Article.seen_at >= since,
                Article.decision.in_((*BECAME_POSTS, "lapsed")),
            )
        )
        or 0
    )


def decided_since(session: Session, since: datetime) -> dict[int, dict[str, int]]:
    """How many Articles each Feed had since then, by decision."""
    found: dict[int, dict[str, int]] = {}
    rows = session.execute(
        select(Article.feed_id, Article.decision, func.count(Article.id))
        .where(Article.seen_at >= since)
        .group_by(Article.feed_id, Article.decision)
    )
    for feed_id, decision, count in rows:
        found.setdefault(feed_id, {})[decision] = count
    return found


def decided_between(
    session: Session, since: datetime, until: datetime
) -> dict[str, dict[str, int]]:
    """How many Articles first seen in that time each Feed has, by its name and decision."""
    found: dict[str, dict[str, int]] = {}
    rows = session.execute(
        select(Feed.name, Article.decision, func.count(Article.id))
        .join(Article, Article.feed_id == Feed.id)
        .where(Article.seen_at >= since, Article.seen_at < until)
        .group_by(Feed.name, Article.decision)
    )
    for name, decision, count in rows:
        found.setdefault(name, {})[decision] = count
    return found


def last_sent(session: Session) -> dict[int, datetime]:
    """When a post of each Feed last went out."""
    rows = session.execute(
        select(Article.feed_id, func.max(Delivery.sent_at))
        .join(Delivery, Delivery.post_id == Article.post_id)
        .where(Delivery.sent_at.is_not(None))
        .group_by(Article.feed_id)
    )
    return {feed_id: sent_at for feed_id, sent_at in rows if sent_at is not None}


def _unreviewed() -> Any:
    return (Delivery.state == State.HELD) & Delivery.holds.like(f"%{Hold.APPROVAL}%")


def unreviewed_counts(session: Session) -> dict[int, int]:
    """How many Articles of each Feed wait for their review."""
    rows = session.execute(
        select(Article.feed_id, func.count(Article.id.distinct()))
        .join(Delivery, Delivery.post_id == Article.post_id)
        .where(_unreviewed())
        .group_by(Article.feed_id)
    )
    return {row[0]: row[1] for row in rows}


def unreviewed(
    session: Session, seen_before: datetime, article_id: int | None = None
) -> Sequence[tuple[Article, Feed]]:
    """Articles (or that one) first seen before then that still wait for their review."""
    rows = session.execute(
        select(Article, Feed)
        .join(Feed, Feed.id == Article.feed_id)
        .where(
            Article.decision == "review",
            Article.seen_at < seen_before,
            Article.id == article_id if article_id is not None else Article.id.is_not(None),
            Article.post_id.in_(select(Delivery.post_id).where(_unreviewed())),
        )
        .order_by(Article.id)
    )
    return [(article, feed) for article, feed in rows]


def lapsed_between(session: Session, since: datetime, until: datetime) -> dict[str, int]:
    """How many Articles of each Feed, by its name, lapsed unreviewed in that time."""
    rows = session.execute(
        select(Feed.name, func.count(Article.id))
        .join(Article, Article.feed_id == Feed.id)
        .where(Article.lapsed_at >= since, Article.lapsed_at < until)
        .group_by(Feed.name)
        .order_by(Feed.name)
    )
    return {row[0]: row[1] for row in rows}


def accepted_in_a_row(session: Session, feed_id: int) -> int:
    """How many of a Feed's newest reviewed Articles were approved as they came, without a gap."""
    rows = session.execute(
        select(Article, Post)
        .join(Post, Post.id == Article.post_id)
        .where(Article.feed_id == feed_id, Article.decision.in_(("review", "lapsed")))
        .order_by(Article.id.desc())
        .limit(STREAK_LOOKED_AT)
    ).all()
    deliveries = _deliveries_of(session, [post.id for _, post in rows])
    accepted = 0
    for article, post in rows:
        owned = deliveries.get(post.id, [])
        if article.decision == "review" and any(Hold.APPROVAL in row.holds for row in owned):
            continue  # nobody has decided yet
        if post.version > 1 or not owned or not all(_is_accepted(row) for row in owned):
            return accepted
        accepted += 1
    return accepted


def _deliveries_of(session: Session, post_ids: Collection[int]) -> dict[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = {}
    for row in session.scalars(select(Delivery).where(Delivery.post_id.in_(post_ids))):
        found.setdefault(row.post_id, []).append(row)
    return found


def _is_accepted(delivery: Delivery) -> bool:
    return delivery.approved_digest is not None and delivery.state != State.CANCELLED
