"""Opening the database and its transactions.

`Store.read()` is a deferred transaction, `Store.write()` takes the write lock at once (BEGIN
IMMEDIATE on SQLite), so that a transaction never reads, is overtaken, and then fails to write.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql import functions

from bot.clock import Clock
from bot.errors import SettingsError, StoreError

__all__ = ["Session", "Store", "lightly", "parse_url"]

BUSY_TIMEOUT_SECONDS = 10
_lightly: ContextVar[bool] = ContextVar("lightly", default=False)
# A line to the server that went dead is given up within seconds, not after the quarter of an hour
# that TCP allows: https://www.postgresql.org/docs/current/libpq-connect.html, read 2026-11-26.
LINE_SETTINGS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}
# A program that stands still in the middle of a transaction must not keep rows from the others.
STANDS_STILL_SECONDS = 15
# What each connection keeps: kibibytes of pages, which the system keeps once for them all, and
# prepared statements. By default it is 2,000 and 128.
CACHE = "cache_size=-256"
STATEMENTS = 64
PRAGMAS = (
    *("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"),
    "secure_delete=ON",  # who is deleted is overwritten, too; not every build does it unasked
    CACHE,
)
# Connections that stay open; a crowd's others are closed when they are done, which costs it a
# millisecond each. One that stays holds 1.5 MB, and as much again in holes of the memory around it.
KEPT, AT_MOST = 3, 26
FEW = {"pool_size": KEPT, "max_overflow": AT_MOST - KEPT, "pool_use_lifo": True}
CLOCK_TIMESTAMP = select(functions.func.clock_timestamp())
POSTGRES_NAMES = frozenset({"postgres", "postgresql", "postgresql+psycopg"})


def parse_url(database_url: str) -> URL:
    """The address SQLAlchemy understands; `postgres://` and `postgresql://` mean psycopg 3."""
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise SettingsError("DATABASE_URL is not a database address.") from error
    if url.drivername in POSTGRES_NAMES:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://")
    return url


def _sqlite_engine(url: URL) -> Engine:
    in_memory = url.database in {None, "", ":memory:"}
    if not in_memory:
        _make_folder(Path(str(url.database)).parent)
    options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else FEW
    engine = create_engine(
        url,
        connect_args={
            "timeout": BUSY_TIMEOUT_SECONDS,
            "check_same_thread": False,
            "cached_statements": STATEMENTS,
        },
        **options,
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("bot_writes")
        if writes:
            # Said every time, so that no transaction inherits another one's haste.
            waits = "NORMAL" if _lightly.get() else "FULL"
            connection.connection.dbapi_connection.execute(f"PRAGMA synchronous={waits}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres_engine(url: URL) -> Engine:
    settings = {key: n for key, n in LINE_SETTINGS.items() if key not in url.query}
    engine = create_engine(url, pool_size=16, pool_pre_ping=True, connect_args=settings)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        limit = f"{STANDS_STILL_SECONDS}s"
        connection.execute(f"SET idle_in_transaction_session_timeout = '{limit}'")
        connection.commit()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if _lightly.get():
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    return engine


@contextmanager
def lightly() -> Iterator[None]:
    """What is written inside need not have reached the disk when it is committed.

    For what may be lost with the power and nothing but time with it: a hint, or a claim, which
    without its Attempt sends nothing. Order is kept: whatever is committed afterwards and does
    wait takes this to the disk with it, and never gets there before it.
    """
    before = _lightly.set(True)
    try:
        yield
    finally:
        _lightly.reset(before)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise StoreError(
            "The folder of the database cannot be made. Check DATABASE_URL and its permissions."
        ) from None


class Store:
    """One database. Opening it connects to nothing; the first transaction does."""

    def __init__(self, database_url: str, clock: Clock) -> None:
        self.url = parse_url(database_url)
        self.clock = clock
        self.is_sqlite = self.url.drivername == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._turn = threading.Lock()
        self._reader = sessionmaker(self.engine, expire_on_commit=False)
        self._writer = sessionmaker(
            self.engine.execution_options(bot_writes=True), expire_on_commit=False
        )

    @property
    def path(self) -> Path | None:
        """The SQLite file, where there is one."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name not in {None, "", ":memory:"} else None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that changes nothing."""
        with _plain_errors(), self._reader() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that holds the write lock from its start and commits at its end."""
        with self._in_turn(), _plain_errors(), self._writer.begin() as session:
            yield session

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Threads of this process write one after the other on SQLite, which has one writer anyway.

        SQLite makes them sleep and try again, up to a tenth of a second past their turn.
        """
        if not self.is_sqlite:
            yield
            return
        is_mine = self._turn.acquire(timeout=BUSY_TIMEOUT_SECONDS)
        try:
            yield  # without a turn, too: SQLite itself then says that it is busy
        finally:
            if is_mine:
                self._turn.release()

    def lease_now(self, session: Session) -> datetime:
        """What leases are measured by: the database's clock where it has one of its own."""
        if self.is_sqlite:
            return self.clock()
        moment: datetime = session.connection().execute(CLOCK_TIMESTAMP).scalar_one()
        return moment.astimezone(UTC)

    def driver_connection(self, session: Session) -> Any:
        """The driver's own connection of this transaction, for another library to join it."""
        return session.connection().connection.dbapi_connection

    @property
    def driver_settings(self) -> tuple[str, dict[str, int]]:
        """Address, and settings of the line, for a library that opens connections of its own."""
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return plain, {key: n for key, n in LINE_SETTINGS.items() if key not in self.url.query}

    def ping(self) -> None:
        """Raise StoreError unless the database answers."""
        with self.read() as session:
            session.execute(text("SELECT 1"))

    def require_sound(self) -> None:
        """StoreError when an SQLite file is damaged, indexes included; 4 ms a megabyte.

        A claim trusts an index: with a torn one it could be made twice.
        """
        if not self.is_sqlite:
            return
        with self.read() as session:
            found = session.scalar(text("PRAGMA integrity_check(1)"))
        if found != "ok":
            raise StoreError(DAMAGED)

    def leave_no_trace(self) -> None:
        """What was deleted leaves the write-ahead log of an SQLite file too, once nobody reads."""
        if not self.is_sqlite:
            return
        with _plain_errors(), contextlib.closing(self.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self.engine.dispose()


DAMAGED = "The database file is damaged. Nothing is sent. Restore a backup: bot restore"
SQLITE_PLAIN = (
    (
        "database is locked",
        "The database is busy: another program holds it. Try again in a moment.",
    ),
    ("database or disk is full", "The disk is full. Nothing was changed. Free some space."),
    ("disk I/O error", "The disk does not answer as it should. Nothing was changed."),
    ("readonly database", "The database may not be written to. Check its permissions."),
    (
        "unable to open database",
        "The database file cannot be opened. Check DATABASE_URL. May its folder be written to?",
    ),
    ("malformed", DAMAGED),
    (
        "not a database",
        "The file DATABASE_URL names is not a database, or is damaged. Restore one: bot restore",
    ),
    ("no such table", "The database is empty or older than this bot. Run: bot init"),
)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig)
        for sign, plain in SQLITE_PLAIN:
            if sign in said:
                raise StoreError(plain) from error
        if isinstance(error, OperationalError):
            raise StoreError("The database cannot be reached. Check DATABASE_URL.") from error
        raise
