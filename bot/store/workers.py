"""Queries on Workers and their signs of life."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.model.delivery import Worker


def begin(session: Session, *, host: str, pid: int, now: datetime) -> Worker:
    worker = Worker(host=host, pid=pid, started_at=now, seen_at=now)
    session.add(worker)
    session.flush()
    return worker


def seen(session: Session, worker_id: int, now: datetime) -> None:
    """A sign of life; it outranks whoever took this Worker for dead."""
    session.execute(
        update(Worker).where(Worker.id == worker_id).values(seen_at=now, stopped_at=None)
    )


def end(session: Session, worker_id: int, now: datetime) -> None:
    session.execute(
        update(Worker).where(Worker.id == worker_id).values(seen_at=now, stopped_at=now)
    )


def bury(
    session: Session, host: str, worker_id: int, is_running: Callable[[int], bool], now: datetime
) -> int:
    """Write down as stopped who ran on this host under a process that is gone; how many."""
    others = session.scalars(
        select(Worker).where(
            Worker.host == host, Worker.id != worker_id, Worker.stopped_at.is_(None)
        )
    )
    gone = [worker for worker in others if not is_running(worker.pid)]
    for worker in gone:
        worker.stopped_at = now
    return len(gone)


def latest(session: Session) -> Worker | None:
    return session.scalar(select(Worker).order_by(Worker.id.desc()).limit(1))
