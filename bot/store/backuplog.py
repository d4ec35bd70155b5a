"""Queries on Backups: when one was made last, and whether the newest run failed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model.alarm import Backup

LONGEST_ERROR = 300


def note(session: Session, now: datetime, error: str | None = None) -> None:
    """That a backup was made, or why there is none."""
    session.add(Backup(made_at=now, error=error[:LONGEST_ERROR] if error else None))


def newest(session: Session) -> Backup | None:
    """The run that came last, good or not."""
    return session.scalar(select(Backup).order_by(Backup.id.desc()).limit(1))


def last_good(session: Session) -> datetime | None:
    """When the last whole one was made."""
    return session.scalar(
        select(Backup.made_at).where(Backup.error.is_(None)).order_by(Backup.id.desc()).limit(1)
    )
