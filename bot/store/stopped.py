"""For what must not happen while the bot runs: holds its lock, or sees that nobody shows life."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from bot.errors import NotAllowed
from bot.model.delivery import Worker
from bot.store import schema
from bot.store.engine import Store
from bot.store.lock import only_heartbeat
from bot.store.workers import DEAD_AFTER


@contextmanager
def while_stopped(store: Store) -> Iterator[None]:
    """AlreadyRunning or NotAllowed where a heartbeat runs; on SQLite none can start meanwhile."""
    with only_heartbeat(store):
        refuse_running(store)
        yield


def refuse_running(store: Store, which: str = "this database") -> None:
    """NotAllowed while any Worker shows life on a server, which has no lock file."""
    if store.is_sqlite or schema.revision(store) is None:
        return
    # Columns that every version of the table has: the database may be an older one.
    alive = select(Worker.host, Worker.seen_at).where(Worker.stopped_at.is_(None))
    with store.read() as session:
        now = store.lease_now(session)
        hosts = [host for host, seen_at in session.execute(alive) if now - seen_at < DEAD_AFTER]
    if hosts:
        raise NotAllowed(
            f"The bot runs on {which} (on {hosts[0]}). Stop it first. Nothing was changed."
        )
