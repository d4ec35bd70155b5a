"""Queries on what could not become a Post."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.model.post import Quarantine


def all_of(session: Session) -> Sequence[Quarantine]:
    return session.scalars(select(Quarantine).order_by(Quarantine.source, Quarantine.key)).all()


def put(
    session: Session, *, source: str, key: str, line: int | None, reason: str, now: datetime
) -> bool:
    """Quarantine it, or refresh the reason; True when this is news."""
    row = session.scalar(
        select(Quarantine).where(Quarantine.source == source, Quarantine.key == key)
    )
    if row is None:
        session.add(
            Quarantine(source=source, key=key, line=line, reason=reason[:1000], found_at=now)
        )
        return True
    news = (row.line, row.reason) != (line, reason[:1000])
    row.line, row.reason = line, reason[:1000]
    return news


def has(session: Session, *, source: str, key: str, line: int | None, reason: str) -> bool:
    """Whether exactly this is known already."""
    row = session.scalar(
        select(Quarantine).where(Quarantine.source == source, Quarantine.key == key)
    )
    return row is not None and (row.line, row.reason) == (line, reason[:1000])


def lift(session: Session, source: str, key: str) -> None:
    session.execute(delete(Quarantine).where(Quarantine.source == source, Quarantine.key == key))


def keys(session: Session, source: str) -> Sequence[str]:
    return session.scalars(select(Quarantine.key).where(Quarantine.source == source)).all()


def older_than(session: Session, source: str, before: datetime) -> Sequence[str]:
    """Keys of what has stood in Quarantine since before that time."""
    return session.scalars(
        select(Quarantine.key).where(Quarantine.source == source, Quarantine.found_at < before)
    ).all()
