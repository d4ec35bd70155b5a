"""Queries on Feeds, the Articles they brought and their names, which are only ever added."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.model.feed import Article, ArticleName, Feed

# Decisions that say an Article was taken up, in contrast to `seen`: looked at and left alone.
TAKEN_UP = ("post", "review", "refused", "lapsed")


def all_of(session: Session) -> Sequence[Feed]:
    return session.scalars(select(Feed).order_by(Feed.name)).all()


# A server may be away for an hour; three readings in vain want somebody to look.
AILING_FROM = 3


def ailing(session: Session) -> Sequence[Feed]:
    """Feeds that are gone, or could not be read several times in a row."""
    is_ailing = or_(Feed.errors >= AILING_FROM, Feed.stopped_at.is_not(None))
    return session.scalars(
        select(Feed).where(Feed.last_error.is_not(None), is_ailing).order_by(Feed.name)
    ).all()


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


def due(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Name and address of the running Feeds that are due, longest waiting first."""
    rows = session.execute(
        select(Feed.name, Feed.url)
        .where(Feed.stopped_at.is_(None), Feed.next_check_at <= now)
        .order_by(Feed.next_check_at, Feed.id)
    )
    return [(row.name, row.url) for row in rows]


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


def names(
    session: Session, feed_id: int, wanted: Collection[tuple[str, str]]
) -> Sequence[ArticleName]:
    """This Feed's names that are among those given, as kind and value."""
    found: list[ArticleName] = []
    for kind, values in _by_kind(wanted).items():
        found += session.scalars(
            select(ArticleName)
            .where(
                ArticleName.feed_id == feed_id,
                ArticleName.kind == kind,
                ArticleName.value.in_(values),
            )
            .order_by(ArticleName.id)
        )
    return found


def _by_kind(wanted: Collection[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind, value in wanted:
        found.setdefault(kind, set()).add(value)
    return found


def dates_of(session: Session, article_ids: Collection[int]) -> dict[int, datetime | None]:
    """When these Articles were published, as far as their Feeds said."""
    rows = session.execute(
        select(Article.id, Article.published_at).where(Article.id.in_(article_ids))
    )
    return {row.id: row.published_at for row in rows}


def names_each_has(session: Session, article_ids: Collection[int]) -> dict[int, int]:
    """How many names each of these Articles is known by."""
    rows = session.execute(
        select(ArticleName.article_id, func.count(ArticleName.id).label("many"))
        .where(ArticleName.article_id.in_(article_ids))
        .group_by(ArticleName.article_id)
    )
    return {row.article_id: row.many for row in rows}


def taken_up_elsewhere(
    session: Session, feed_id: int | None, addresses: Collection[str]
) -> dict[str, str]:
    """Addresses that another Feed's Article was taken up under, each with that Feed's name."""
    rows = session.execute(
        select(ArticleName.value, Feed.name)
        .join(Article, Article.id == ArticleName.article_id)
        .join(Feed, Feed.id == ArticleName.feed_id)
        .where(
            ArticleName.kind == "address",
            ArticleName.value.in_(addresses),
            Article.decision.in_(TAKEN_UP),
            ArticleName.feed_id != feed_id if feed_id is not None else Article.id.is_not(None),
        )
        .order_by(ArticleName.id.desc())
    )
    return {row.value: row.name for row in rows}


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
