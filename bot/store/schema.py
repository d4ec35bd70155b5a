"""Creating and upgrading the database, and refusing one this bot does not understand."""

import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import MetaData, inspect, text

from bot.clock import monotonic
from bot.errors import AlreadyRunning, Outgrown, StoreError
from bot.model import (
    account,
    alarm,
    delivery,
    engagement,
    feed,
    move,
    person,
    post,
    review,
    stranger,
)
from bot.model.base import Base
from bot.store import moves, workers
from bot.store.engine import Session, Store
from bot.store.lock import only_heartbeat

# Every table's module, so that Base.metadata is whole wherever the schema is asked for.
TABLES = (account, alarm, delivery, engagement, feed, move, person, post, review, stranger)
HEAD = "0022"
MARKED_FROM = "0017"  # since then the database says which bots can work on it
LOOK_AGAIN_SECONDS = 0.5
UPGRADE_LOCK = 20_261_123
MIGRATIONS = Path(__file__).parent / "migrations"


def revision(store: Store) -> str | None:
    """The migration the database stands at; None for an empty one."""
    with store.read() as session:
        connection = session.connection()
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def upgrade(
    store: Store, patience: timedelta = timedelta(seconds=75), *, is_alone: bool = False
) -> tuple[str | None, str]:
    """Bring the database to HEAD; the revisions before and after, equal where it is newer.

    Where older Workers cannot go on with what it becomes, they are told and waited for. `is_alone`
    says that whoever asks holds the lock of the heartbeat already.
    """
    before = revision(store)
    if before is None or before < HEAD:
        if before is not None and not is_alone:
            _refuse_while_it_runs(store)
        _migrate(store, before, patience)
        return before, HEAD
    _refuse_outgrown(store, before)
    return before, before


def _migrate(store: Store, before: str | None, patience: timedelta) -> None:
    # Slow to import, and it stays in memory; mostly the database is of this version.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    steps = ScriptDirectory.from_config(config).walk_revisions()
    oldest = next(step.revision for step in steps if not _only_expands(step.module))
    if before is not None and not store.is_sqlite and MARKED_FROM <= before < oldest:
        _see_off(store, oldest, before, patience)
    with store.write() as session:
        if not store.is_sqlite:
            # Two programs that start together must not both create the tables.
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "head")
        _mark(session, oldest, HEAD)


def _only_expands(migration: object) -> bool:
    """Whether bots of the release before go on with what it makes; said by the migration itself."""
    return bool(getattr(migration, "expands_only", False))


def _mark(session: Session, oldest: str, standing: str) -> None:
    """Note the oldest bot that can work on it as it stands; of another version it says nothing."""
    session.execute(
        text("UPDATE alembic_version SET compatible_from = :mark"),
        {"mark": f"{oldest} {standing}"},
    )


def _see_off(store: Store, oldest: str, before: str, patience: timedelta) -> None:
    """Tell the Workers of before to stop, and wait until they have; StoreError when they do not."""
    with store.write() as session:
        _mark(session, oldest, before)
    give_up_at = monotonic() + patience.total_seconds()
    while names := _at_work(store):
        if monotonic() > give_up_at:
            raise StoreError(
                f"The bot of before is still at work: {', '.join(names)}. Nothing was changed. "
                "Stop it, then run bot init again."
            )
        time.sleep(LOOK_AGAIN_SECONDS)


def _at_work(store: Store) -> list[str]:
    with store.read() as session:
        alive = workers.alive(session, store.lease_now(session) - workers.DEAD_AFTER)
    return [f"process {worker.pid} on {worker.host}" for worker in alive]


def require_current(store: Store) -> None:
    """StoreError unless this version can work on the database, and that is the one that counts."""
    require_version(store)
    with store.read() as session:
        moves.refuse_closed(session)


def require_version(store: Store) -> None:
    """StoreError unless this version can work on the database: its own, or one only expanded."""
    found = revision(store)
    if found is None or found < HEAD:
        raise StoreError("The database is empty or older than this bot. Run: bot init")
    _refuse_outgrown(store, found)


def _refuse_outgrown(store: Store, found: str) -> None:
    """Outgrown when a later migration, made or announced, took away what this version needs."""
    with store.read() as session:
        mark = session.scalar(text("SELECT compatible_from FROM alembic_version"))
    if mark is None and found == HEAD:
        return  # brought here by Alembic itself
    oldest, _, standing = (mark or "").partition(" ")
    if not oldest or oldest > HEAD or standing != found:
        raise Outgrown(
            f"This database was made by a newer version of the bot, or waits for one (at {found}). "
            "Nothing was changed. Install that version, or point DATABASE_URL elsewhere."
        )


def _refuse_while_it_runs(store: Store) -> None:
    """A heartbeat of the version before must not find other tables under its hands."""
    try:
        with only_heartbeat(store):
            pass
    except AlreadyRunning as running:
        raise AlreadyRunning(
            f"{running} The database needs an upgrade: stop the bot, then run bot init"
        ) from None


def metadata() -> MetaData:
    """Every table of the model, for Alembic; an index of some rows has the same on PostgreSQL."""
    # Said in the model, it would load PostgreSQL's drivers, 2.5 MB, in every process.
    for index in (index for table in Base.metadata.tables.values() for index in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
    return Base.metadata
