"""Queries on Workers and their signs of life."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.model.delivery import Worker


def begin(session: Session, *, host: str, pid: int, now: datetime) -> Worker:
    worker = Worker(host=host, pid=pid, started_at=now, seen_at=now)
    session.add(worker)
    session.flush()
    return worker


def seen(session: Session, worker_id: int, now: datetime) -> None:
    session.execute(update(Worker).where(Worker.id == worker_id).values(seen_at=now))


def end(session: Session, worker_id: int, now: datetime) -> None:
    session.execute(
        update(Worker).where(Worker.id == worker_id).values(seen_at=now, stopped_at=now)
    )


def last_alive(session: Session, *, but: int) -> datetime | None:
    """The newest sign of life of any Worker but this one."""
    return session.scalar(select(func.max(Worker.seen_at)).where(Worker.id != but))


def latest(session: Session) -> Worker | None:
    return session.scalar(select(Worker).order_by(Worker.id.desc()).limit(1))
