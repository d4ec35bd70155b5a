"""Feeds and the Articles they brought, remembered for ever so that none comes twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.base import Base


class Feed(Base):
    """A web address whose new Articles become Posts. `owner` says whether a file declares it.

    `ttl_seconds` and `skips` (hours and days in UTC) are when it asks not to be read; `whole_at` is
    when it last gave more than "not changed".
    """

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    url: Mapped[str] = mapped_column(String(2000))
    owner: Mapped[str] = mapped_column(String(20), default="database")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    etag: Mapped[str | None] = mapped_column(String(500))
    last_modified: Mapped[str | None] = mapped_column(String(100))
    title: Mapped[str | None] = mapped_column(String(300))
    site: Mapped[str | None] = mapped_column(String(2000))
    language: Mapped[str | None] = mapped_column(String(35))
    ttl_seconds: Mapped[int | None]
    skips: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    next_check_at: Mapped[datetime] = mapped_column(index=True)
    first_read_at: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None]
    whole_at: Mapped[datetime | None]
    errors: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(500))
    stopped_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Article(Base):
    """One entry of a Feed as it was first seen; what it is known by are its ArticleNames."""

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("feed_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"))
    entry_id: Mapped[str] = mapped_column(String(500))
    title: Mapped[str] = mapped_column(String(500))
    link: Mapped[str] = mapped_column(String(2000))
    published_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(500))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    chosen: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    lapsed_at: Mapped[datetime | None]
    names: Mapped[list["ArticleName"]] = relationship()


class ArticleName(Base):
    """An id, canonical address or normalised title that an Article has or once had.

    `kind` is "id", "address" or "title". Only a title may belong to several Articles of a Feed, as
    the parts of a series do. Rows are only ever added.
    """

    __tablename__ = "article_name"
    __table_args__ = (
        UniqueConstraint("article_id", "kind", "value"),
        Index("ix_article_name_kind_value", "kind", "value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"))
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(500))
