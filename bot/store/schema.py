"""Creating and upgrading the database, and refusing one this bot does not understand."""

from pathlib import Path

from sqlalchemy import MetaData, inspect, text

from bot.errors import AlreadyRunning, StoreError
from bot.model import account, delivery, engagement, feed, move, person, post, review, stranger
from bot.model.base import Base
from bot.store import moves
from bot.store.engine import Store
from bot.store.lock import only_heartbeat

# Every table's module, so that Base.metadata is whole wherever the schema is asked for.
TABLES = (account, delivery, engagement, feed, move, person, post, review, stranger)
HEAD = "0018"
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


def upgrade(store: Store) -> tuple[str | None, str]:
    """Bring the database to HEAD; the revisions before and after."""
    before = revision(store)
    _refuse_newer(before)
    if before is not None and before != HEAD:
        _refuse_while_it_runs(store)
    if before != HEAD:
        _migrate(store)
    return before, HEAD


def _migrate(store: Store) -> None:
    # Slow to import, and it stays in memory; mostly the database is of this version.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.write() as session:
        if not store.is_sqlite:
            # Two programs that start together must not both create the tables.
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "head")


def require_current(store: Store) -> None:
    """StoreError unless the database is there, of this version, and the one that counts."""
    require_version(store)
    with store.read() as session:
        moves.refuse_closed(session)


def require_version(store: Store) -> None:
    """StoreError unless the database is there and of this version."""
    found = revision(store)
    _refuse_newer(found)
    if found != HEAD:
        raise StoreError("The database is empty or older than this bot. Run: bot init")


def _refuse_while_it_runs(store: Store) -> None:
    """A heartbeat of the version before must not find other tables under its hands."""
    try:
        with only_heartbeat(store):
            pass
    except AlreadyRunning as running:
        raise AlreadyRunning(
            f"{running} The database needs an upgrade: stop the bot, then run bot init"
        ) from None


def _refuse_newer(found: str | None) -> None:
    known = {path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("0*.py")}
    if found is not None and found not in known:
        raise StoreError(
            f"This database was made by a newer version of the bot (it stands at {found}). "
            "Nothing was changed. Install that version, or point DATABASE_URL elsewhere."
        )


def metadata() -> MetaData:
    """Every table of the model, for Alembic."""
    return Base.metadata
