"""Holding a database with nobody else in it, and saying of another one what went wrong in words.

Whoever has it open is found out first, and whoever comes meanwhile waits and is then refused.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from bot.clock import monotonic
from bot.errors import NotAllowed, StoreError
from bot.model.move import Move
from bot.store.engine import Store

IN_USE = (
    "Another program has the database open ({who}). Stop bot run and bot web first. Nothing was "
    "changed."
)
RESERVED = (
    "Another move is at work there, or it is the database the bot uses already, under another "
    "address. Nothing was changed."
)
# The server keeps such locks by database.
MOVE_LOCK = 20_261_127
RESERVE = "SELECT pg_try_advisory_lock(:key)"
# A program that ended a moment ago is still listed for as long.
PATIENCE_SECONDS = 3
OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
AND backend_type = 'client backend' AND usename = current_user AND pid <> pg_backend_pid()"""


def place(store: Store) -> str:
    """A database's address for people: whole, and without any password."""
    if store.is_sqlite:
        return f"sqlite:///{store.path.resolve()}" if store.path else "sqlite:///:memory:"
    query = {name: value for name, value in store.url.query.items() if name != "password"}
    url = store.url.set(drivername="postgresql", query=query)
    return url._replace(password=None).render_as_string()


@contextmanager
def in_it(store: Store) -> Iterator[Session]:
    """A Session on one connection that takes the write lock with each transaction."""
    engine = store.engine.execution_options(bot_writes=True)
    with engine.connect() as connection, Session(connection, expire_on_commit=False) as session:
        if not store.is_sqlite:
            # One side stands still in its transaction for as long as the other is read through.
            connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
            connection.commit()
        yield session


@contextmanager
def alone_in(store: Store, tables: Sequence[str]) -> Iterator[Session]:
    """The same, with nobody else in the database; StoreError while somebody is.

    A commit lets go of it on PostgreSQL: call `lock` again.
    """
    store.close()
    if store.is_sqlite:
        # Before the first look into the file: from then on no other program can open it.
        event.listen(store.engine, "connect", _exclusively, insert=True)
    try:
        _knock(store)
        with in_it(store) as session:
            reserve(store, session)
            lock(store, session, tables)
            yield session
    finally:
        store.close()
        if store.is_sqlite:
            event.remove(store.engine, "connect", _exclusively)


def _exclusively(connection: Any, _record: Any) -> None:
    connection.execute(f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000}")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")


def _knock(store: Store) -> None:
    """Open the one connection that stays, while nobody else can have one."""
    try:
        store.engine.connect().close()
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise StoreError(IN_USE.format(who="bot web?")) from error
        raise StoreError("The database cannot be reached. Check DATABASE_URL.") from error


def lock(store: Store, session: Session, tables: Sequence[str]) -> None:
    """Begin a transaction in which nobody else can write; whoever asks how it stands must wait."""
    if store.is_sqlite:
        session.connection()
        return
    names = ", ".join(f'"{name}"' for name in tables)
    try:
        session.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'"))
        session.execute(text(f'LOCK TABLE "{Move.__tablename__}" IN ACCESS EXCLUSIVE MODE'))
        session.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))
    except OperationalError as error:
        raise StoreError(IN_USE.format(who="it is being written to")) from error
    _refuse_others(session)


def reserve(store: Store, session: Session) -> None:
    """Keep a database of a server for one Move until its connection ends; NotAllowed where that is
    the one being left, under another address, or another Move is at work in it."""
    if not store.is_sqlite and not session.scalar(text(RESERVE), {"key": MOVE_LOCK}):
        raise NotAllowed(RESERVED)


def _refuse_others(session: Session) -> None:
    until = monotonic() + PATIENCE_SECONDS
    while others := session.scalar(text(OTHERS)):
        if monotonic() > until:
            raise StoreError(IN_USE.format(who=f"connections: {others}"))
        session.execute(text("SELECT pg_sleep(0.1)"))


@contextmanager
def named(which: str) -> Iterator[None]:
    """What the server, or this program, says of one of two databases: whose it is, without its
    address, which may hold a password."""
    try:
        yield
    except DBAPIError as error:
        first = str(error.orig).strip().partition("\n")[0]
        raise StoreError(f"{which} said: {first}") from error
    except StoreError as error:
        said = str(error).replace("Check DATABASE_URL", "Check its address")
        raise StoreError(f"{which}: {said}") from error
