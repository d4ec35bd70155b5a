"""Queries on Workers and their signs of life."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from bot import __version__
from bot.model.delivery import Worker
from bot.store import moves

# Three signs of life missed; see the heartbeat's "alive" tick.
DEAD_AFTER = timedelta(seconds=30)


def begin(session: Session, *, host: str, pid: int, now: datetime) -> Worker:
    """A new one; StoreError where this database was left for another while it started."""
    worker = Worker(host=host, pid=pid, started_at=now, seen_at=now, version=__version__)
    session.add(worker)
    session.flush()
    moves.refuse_closed(session)
    return worker


def seen(
    session: Session, worker_id: int, now: datetime, trouble: tuple[datetime, str] | None = None
) -> None:
    """A sign of life, with what went wrong since the last one and when, if anything did.

    It outranks whoever took this Worker for dead.
    """
    values: dict[str, object] = {"seen_at": now, "stopped_at": None}
    if trouble is not None:
        values |= {"trouble_at": trouble[0], "trouble": trouble[1][:1000]}
    session.execute(update(Worker).where(Worker.id == worker_id).values(values))


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


class Alive(NamedTuple):
    """A Worker that gave a sign of life; few columns, for a database of the version before."""

    id: int
    host: str
    pid: int


def alive(session: Session, seen_after: datetime) -> Sequence[Alive]:
    """Who has not stopped and gave a sign of life since, the one that has run longest first."""
    rows = session.execute(
        select(Worker.id, Worker.host, Worker.pid)
        .where(Worker.stopped_at.is_(None), Worker.seen_at >= seen_after)
        .order_by(Worker.id)
    )
    return [Alive(*row) for row in rows]


def current(session: Session, seen_after: datetime) -> Worker | None:
    """One that runs, the last seen first; else the one that started last."""
    running = session.scalar(
        select(Worker)
        .where(Worker.stopped_at.is_(None), Worker.seen_at >= seen_after)
        .order_by(Worker.seen_at.desc())
        .limit(1)
    )
    return running or latest(session)


def noted(
    session: Session, seen_after: datetime, trouble_after: datetime
) -> tuple[Worker | None, Worker | None]:
    """The `current` one, and the one of `latest_trouble`, in one question."""
    newest = select(func.max(Worker.id)).scalar_subquery()
    running = and_(Worker.stopped_at.is_(None), Worker.seen_at >= seen_after)
    rows = session.scalars(
        select(Worker).where(or_(running, Worker.id == newest, Worker.trouble_at >= trouble_after))
    ).all()
    alive = [row for row in rows if row.stopped_at is None and row.seen_at >= seen_after]
    troubled = [(row.trouble_at, row) for row in rows if row.trouble_at is not None]
    late = [pair for pair in troubled if pair[0] >= trouble_after]
    return (
        max(alive, key=lambda row: row.seen_at, default=None)
        or max(rows, key=lambda row: row.id, default=None),
        max(late, key=lambda pair: pair[0])[1] if late else None,
    )


def latest_trouble(session: Session, after: datetime) -> Worker | None:
    """The Worker that last had trouble of its own, if it was after that time."""
    return session.scalar(
        select(Worker).where(Worker.trouble_at >= after).order_by(Worker.trouble_at.desc()).limit(1)
    )


def last_alive(session: Session, *, but: int) -> datetime | None:
    """The newest sign of life of any Worker but this one."""
    return session.scalar(select(func.max(Worker.seen_at)).where(Worker.id != but))


def latest(session: Session) -> Worker | None:
    return session.scalar(select(Worker).order_by(Worker.id.desc()).limit(1))
