"""Posts as written, and what could not become one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base

BY_HAND = "by hand"


class Post(Base):
    """What we want to say, once, whatever the number of Accounts. Unique by (source, key).

    `written` holds every field its author gave (see `model.written`); the columns beside it repeat
    what is searched. `worded_by` is who last changed its words, where that is not its `author`.
    """

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("source", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(500))
    content_digest: Mapped[str] = mapped_column(String(64), index=True)
    written: Mapped[dict[str, Any]] = mapped_column(JSON)
    campaign: Mapped[str | None] = mapped_column(String(100), index=True)
    author: Mapped[str] = mapped_column(String(200))
    worded_by: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    recurs_until: Mapped[date | None] = mapped_column(index=True)

    @property
    def is_by_hand(self) -> bool:
        """Whether it was made on the Platform itself: kept for its counts, never ours to change."""
        return self.source == BY_HAND

    @property
    def name(self) -> str:
        """How people and `--json` call it: P12."""
        return f"P{self.id}"


class PostLabel(Base):
    """One Label of one Post."""

    __tablename__ = "post_label"
    __table_args__ = (UniqueConstraint("post_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    label: Mapped[str] = mapped_column(String(100), index=True)


class Quarantine(Base):
    """A file, row or article that could not become a Post, and why. Gone when put right."""

    __tablename__ = "quarantine"
    __table_args__ = (UniqueConstraint("source", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(500))
    line: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(1000))
    found_at: Mapped[datetime]


class Media(Base):
    """A picture's bytes as they will be sent, kept once by digest, with their measures."""

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    mime_type: Mapped[str] = mapped_column(String(50))
    size_bytes: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
