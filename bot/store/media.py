"""Queries on Media: bytes kept once by their digest."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.model.post import Media
from bot.model.written import Rendition


def keep(session: Session, rendition: Rendition, now: datetime) -> None:
    """Store what one Platform gets, unless the same bytes are there already."""
    # Kept anew, so that no clearing up takes it from under a post that is just being made.
    kept = update(Media).where(Media.sha256 == rendition.sha256).values(created_at=now)
    if session.execute(kept.returning(Media.id)).first() is not None:
        return
    row = Media(
        sha256=rendition.sha256,
        mime_type=rendition.mime_type,
        size_bytes=rendition.size_bytes,
        width=rendition.width,
        height=rendition.height,
        content=rendition.content,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return  # Somebody else stored the same bytes meanwhile.


def content(session: Session, sha256: str) -> bytes | None:
    """The bytes of that digest; None where they are not stored."""
    return session.scalar(select(Media.content).where(Media.sha256 == sha256))


def stored(session: Session, sha256: str) -> Media | None:
    """The whole row of that digest."""
    return session.scalar(select(Media).where(Media.sha256 == sha256))
