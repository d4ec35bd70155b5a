"""The real Store on an SQLite database in memory, whose transactions are points of the schedule.

One engine serves every run of a process (statements are compiled once); each run begins with the
migrated, empty database again. A disk error is raised by the engine's own events.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.clock import Clock, system_now
from bot.store import schema
from bot.store.engine import Session, Store

FULL = sqlite3.OperationalError("database or disk is full")
SAYS = {
    "begin": sqlite3.OperationalError("database is locked"),
    "commit": FULL,
    "committed, error": sqlite3.OperationalError("disk I/O error"),
}


class Disk(Store):
    """A Store that asks before each transaction whether it may, and tells of each commit."""

    def __init__(self) -> None:
        super().__init__("sqlite:///:memory:", system_now)
        self.before: Callable[[str], str | None] = lambda _what: None
        self.committed: Callable[[], None] = lambda: None
        self.after: Callable[[str], None] = lambda _what: None
        self._fault: str | None = None
        event.listen(self.engine, "begin", self._on_begin, insert=True)
        event.listen(self.engine, "commit", self._on_commit)

    @property
    def raw(self) -> sqlite3.Connection:
        """The one connection, for looking without being a transaction."""
        return self._raw

    def format(self) -> bytes:
        """Migrate the empty database; its bytes."""
        schema.upgrade(self)
        fairy = self.engine.raw_connection()
        self._raw: sqlite3.Connection = fairy.driver_connection
        fairy.close()
        return self._raw.serialize()

    def load(self, content: bytes, clock: Clock) -> None:
        """Be that database from now on."""
        self._raw.deserialize(content)
        self.clock = clock

    @contextmanager
    def read(self) -> Iterator[Session]:
        self._fault = self.before("read")
        try:
            with super().read() as session:
                yield session
        finally:
            self._fault = None
        self.after("read")

    @contextmanager
    def write(self) -> Iterator[Session]:
        self._fault = fault = self.before("write")
        try:
            with super().write() as session:
                yield session
        finally:
            self._fault = None
            if fault == "committed, error":
                self.committed()
        self.committed()
        self.after("write")

    def _on_begin(self, _connection: object) -> None:
        if self._fault == "begin":
            raise OperationalError("BEGIN", {}, SAYS["begin"])

    def _on_commit(self, connection: object) -> None:
        if self._fault == "commit":
            raise OperationalError("COMMIT", {}, SAYS["commit"])
        if self._fault == "committed, error":
            # The bytes are safe, and nobody is told so.
            self._raw.execute("COMMIT")
            raise OperationalError("COMMIT", {}, SAYS[self._fault])


@cache
def disk() -> tuple[Disk, bytes]:
    """This process's Store, and the bytes of its empty database."""
    store = Disk()
    return store, store.format()
