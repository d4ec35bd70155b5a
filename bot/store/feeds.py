"""Queries on Feeds and the Articles they brought. Article rows are only ever added."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.model.feed import Article, Feed

# Decisions that say an Article was taken up, in contrast to `seen`: looked at and left alone.
TAKEN_UP = ("post", "review", "refused", "lapsed")


def all_of(session: Session) -> Sequence[Feed]:
    return session.scalars(select(Feed).order_by(Feed.name)).all()


def find(session: Session, name: str) -> Feed | None:
    return session.scalar(select(Feed).where(Feed.name == name))


def named(session: Session, name: str) -> Feed:
    """The Feed of that name; NotFound lists those there are."""
    feed = find(session, name)
    if feed is None:
        known = ", ".join(row.name for row in all_of(session)) or "none yet"
        raise NotFound(f"There is no feed named {name}. Feeds: {known}.")
    return feed


def by_url(session: Session, url: str) -> Feed | None:
    """The running Feed at that address, if any."""
    return session.scalar(
        select(Feed).where(Feed.url == url, Feed.stopped_at.is_(None)).order_by(Feed.id).limit(1)
    )


def due(session: Session, now: datetime) -> Sequence[str]:
    """Names of the running Feeds whose time to be read has come, longest waiting first."""
    return session.scalars(
        select(Feed.name)
        .where(Feed.stopped_at.is_(None), Feed.next_check_at <= now)
        .order_by(Feed.next_check_at, Feed.id)
    ).all()


def claim(session: Session, feed_id: int, seen: datetime, next_check_at: datetime) -> bool:
    """Put the next check off before fetching; False when somebody else did so meanwhile."""
    claimed = session.execute(
        update(Feed)
        .where(Feed.id == feed_id, Feed.next_check_at == seen, Feed.stopped_at.is_(None))
        .values(next_check_at=next_check_at)
        .returning(Feed.id)
    )
    return claimed.first() is not None


def add(
    session: Session,
    *,
    name: str,
    url: str,
    owner: str,
    options: dict[str, Any],
    now: datetime,
) -> Feed:
    """A new Feed that has not been read yet and is due at once."""
    feed = Feed(name=name, url=url, owner=owner, options=options, next_check_at=now, created_at=now)
    session.add(feed)
    session.flush()
    return feed


def lock(session: Session) -> None:
    """Let one transaction at a time take up Articles, so that two Feeds cannot bring one twice.

    SQLite's write lock does so already; there this is a plain read.
    """
    session.execute(select(Feed.id).order_by(Feed.id).with_for_update())


def known(
    session: Session,
    feed_id: int,
    *,
    entry_ids: Collection[str],
    addresses: Collection[str],
    title_keys: Collection[str],
) -> Sequence[Article]:
    """This Feed's Articles that share an id, an address or a title with those given."""
    return session.scalars(
        select(Article).where(
            Article.feed_id == feed_id,
            or_(
                Article.entry_id.in_(entry_ids),
                Article.address.in_(addresses),
                Article.title_key.in_(title_keys),
            ),
        )
    ).all()


def taken_up_elsewhere(
    session: Session, feed_id: int | None, addresses: Collection[str]
) -> dict[str, str]:
    """Addresses that another Feed's Article was taken up under, each with that Feed's name."""
    rows = session.execute(
        select(Article.address, Feed.name)
        .join(Feed, Feed.id == Article.feed_id)
        .where(
            Article.address.in_(addresses),
            Article.decision.in_(TAKEN_UP),
            Article.feed_id != feed_id if feed_id is not None else Article.id.is_not(None),
        )
        .order_by(Article.id.desc())
    )
    return {row.address: row.name for row in rows}


def articles_of(session: Session, feed_id: int) -> Sequence[Article]:
    return session.scalars(
        select(Article).where(Article.feed_id == feed_id).order_by(Article.id)
    ).all()


def counts(session: Session) -> dict[int, dict[str, int]]:
    """How many Articles of each Feed came to each decision."""
    found: dict[int, dict[str, int]] = {}
    rows = session.execute(
        select(Article.feed_id, Article.decision, func.count(Article.id)).group_by(
            Article.feed_id, Article.decision
        )
    )
    for feed_id, decision, count in rows:
        found.setdefault(feed_id, {})[decision] = count
    return found
