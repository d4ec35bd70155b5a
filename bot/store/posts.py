"""Queries on Posts and their Labels."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.model.delivery import Delivery, State
from bot.model.post import Post, PostLabel


def get(session: Session, post_id: int) -> Post:
    post = session.get(Post, post_id)
    if post is None:
        raise NotFound(f"There is no post P{post_id}. See: bot queue")
    return post


def some(session: Session, post_ids: Collection[int]) -> Sequence[Post]:
    return session.scalars(select(Post).where(Post.id.in_(post_ids))).all()


def by_key(session: Session, source: str, key: str) -> Post | None:
    return session.scalar(select(Post).where(Post.source == source, Post.key == key))


def by_source(session: Session, source: str) -> Sequence[Post]:
    return session.scalars(select(Post).where(Post.source == source)).all()


def with_open_deliveries(session: Session, source: str) -> set[int]:
    """Ids of Posts from that source that still have something waiting or on hold."""
    return set(
        session.scalars(
            select(Post.id)
            .join(Delivery, Delivery.post_id == Post.id)
            .where(
                Post.source == source,
                Delivery.state.in_((State.WAITING, State.HELD)),
            )
        )
    )


def cancelled_because(session: Session, source: str, reason: str) -> set[int]:
    """Ids of Posts from that source whose every Delivery was cancelled, one at least for this."""
    alive = select(Delivery.post_id).where(Delivery.state != State.CANCELLED)
    return set(
        session.scalars(
            select(Post.id)
            .join(Delivery, Delivery.post_id == Post.id)
            .where(
                Post.source == source,
                Delivery.state == State.CANCELLED,
                Delivery.reason == reason,
                Post.id.not_in(alive),
            )
        )
    )


def set_labels(session: Session, post_id: int, labels: Collection[str]) -> None:
    session.execute(delete(PostLabel).where(PostLabel.post_id == post_id))
    session.add_all(PostLabel(post_id=post_id, label=label) for label in labels)


def labels_of(session: Session, post_ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {post_id: [] for post_id in post_ids}
    for row in session.scalars(
        select(PostLabel).where(PostLabel.post_id.in_(post_ids)).order_by(PostLabel.label)
    ):
        found[row.post_id].append(row.label)
    return found
