"""Copies everything of one database into another and closes the old one, in an order that never
leaves two that count.

The copy is closed until it was compared with the original and found equal. Then the original is
closed, and only then the copy opened: an end at any moment leaves one that counts, or none until
the same is asked for again. It goes on where it ended; a copy that differs is made anew once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.errors import NotAllowed, StoreError, UsageError
from bot.model.move import Move, Side
from bot.store import alone, copying, moves, schema
from bot.store.engine import Store

NEW = "The new database"
SAME = "That is the database the bot uses already. Name another."
NOT_EMPTY = (
    "{place} is not empty: it holds {what}. Nothing was changed. Name an empty database, which the "
    "bot fills."
)
OTHER_VERSION = (
    "{place} was made by another version of the bot (it stands at {found}, this one at {head}). "
    "Nothing was changed. Name an empty database."
)
OTHER_SOURCE = (
    "This database was made by a newer version of the bot (it stands at {found}, this one at "
    "{head}), so some of it would be left behind. Nothing was changed. Install that version first."
)
UNFIT = (
    "PostgreSQL cannot hold some of what is in this database: {what}. These hold a character, a "
    "length or a number that only SQLite takes. Nothing was changed."
)
DIFFERS = (
    "The copy is not equal to the original: {what}. The old database still counts and was not "
    "changed; nothing is sent from the copy. Type the same command again: the copy is made anew."
)


class Listener(Protocol):
    """Who is told how far it is."""

    def begins(self, what: str, rows: int) -> None:
        """The next stage, and how many rows it goes through."""

    def step(self, rows: int) -> None:
        """So many more are done."""

    def copied(self, table: str, rows: int) -> None:
        """A table that holds something is whole on the other side."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, and whether an earlier run had begun it."""

    place: str
    tables: int
    rows: int
    resumed: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """Who moves, when, who listens, and whether a database left earlier may be overwritten."""

    actor: str
    now: datetime
    listener: Listener
    may_replace: Callable[[str], bool]


def move(source: Store, target: Store, ask: Ask) -> Moved:
    """Move everything; StoreError, NotAllowed or UsageError say why it was not."""
    here, there = alone.place(source), alone.place(target)
    if here == there:
        raise UsageError(SAME)
    schema.require_version(source)
    found = schema.revision(source)
    if found != schema.HEAD:
        raise NotAllowed(OTHER_SOURCE.format(found=found, head=schema.HEAD))
    names = [table.name for table in copying.tables(is_sqlite=source.is_sqlite)]
    with alone.alone_in(source, names) as old:
        leaving = _leave(old, there, ask)
        with alone.named(NEW):
            _make(target, there)
        with alone.named(NEW), alone.in_it(target) as new:
            alone.reserve(target, new)
            entering, resumed = _enter(old, new, leaving, here, there, ask)
            _refuse_unfit(source, target, old)
            # The old one first: a copy of nobody could never be gone on with.
            old.commit()
            new.commit()
            alone.lock(source, old, names)
            rows = _Copying(source, target, old, new, ask.listener).make(resumed=resumed)
            leaving.ended_at = leaving.ended_at or ask.now
            old.commit()
            entering.ended_at = ask.now
            new.commit()
    return Moved(there, len(names), rows, resumed)


def _leave(old: Session, there: str, ask: Ask) -> Move:
    move = moves.last(old)
    if move is not None and move.closes and move.place != there:
        raise NotAllowed(moves.said(move))
    return moves.leave(old, there, ask.actor, ask.now)


def _make(target: Store, there: str) -> None:
    """The tables, where there are none; another version's and other programs' are let alone."""
    found = schema.revision(target)
    if found is None:
        with alone.in_it(target) as new:
            foreign = copying.others(new.connection())
        if foreign:
            raise NotAllowed(NOT_EMPTY.format(place=there, what=f"the table {foreign[0]}"))
        schema.upgrade(target)
    elif found != schema.HEAD:
        raise NotAllowed(OTHER_VERSION.format(place=there, found=found, head=schema.HEAD))


def _enter(
    old: Session, new: Session, leaving: Move, here: str, there: str, ask: Ask
) -> tuple[Move, bool]:
    """What the copy is known by, and whether it was begun before."""
    last = moves.last(new)
    if last is not None and last.key == leaving.key and last.side == Side.ENTERED:
        if last.ended_at is not None:
            raise NotAllowed(f"Everything was moved to {there} already. Set DATABASE_URL to it.")
        return last, True
    left_for_here = (
        last is not None
        and last.side == Side.LEFT
        and last.closes
        and moves.entered_from(old, last.key)
    )
    moved = copying.tables(is_sqlite=new.connection().dialect.name == "sqlite")
    if left_for_here and ask.may_replace(there):
        copying.empty(new.connection(), moved)
    _refuse_filled(new, moved, last, there)
    return moves.enter(new, leaving.key, here, ask.actor, ask.now), False


def _refuse_filled(new: Session, moved: Sequence[Table], last: Move | None, there: str) -> None:
    if last is not None and last.side == Side.ENTERED and last.closes:
        what = f"an unfinished copy of {last.place}"
        raise NotAllowed(NOT_EMPTY.format(place=there, what=what))
    for table in moved:
        if new.execute(select(table.c.id).limit(1)).first() is not None:
            what = f"rows in the table {table.name}"
            raise NotAllowed(NOT_EMPTY.format(place=there, what=what))


def _refuse_unfit(source: Store, target: Store, old: Session) -> None:
    if source.is_sqlite and not target.is_sqlite:
        found = copying.unfit(old.connection(), copying.tables(is_sqlite=True))
        if found:
            raise NotAllowed(UNFIT.format(what="; ".join(found)))


@dataclass(frozen=True, slots=True)
class _Copying:
    """One run: from the old one's transaction, which nobody writes beside, into the new one."""

    source: Store
    target: Store
    old: Session
    new: Session
    listener: Listener

    def make(self, *, resumed: bool) -> int:
        """Copy what is missing and compare; the number of rows."""
        moved = copying.tables(is_sqlite=self.source.is_sqlite)
        made = copying.tables(is_sqlite=self.target.is_sqlite)
        connection = self.old.connection()
        total = sum(copying.count(connection, table) for table in moved)
        before = self._contents("Reading the old database", self.old, moved, total)
        wrong = self._copied(moved, made, before, total)
        if wrong and resumed:
            # Something was changed in the old one since the first run.
            copying.empty(self.new.connection(), made)
            self.new.commit()
            wrong = self._copied(moved, made, before, total)
        if wrong:
            raise StoreError(DIFFERS.format(what="; ".join(wrong)))
        copying.set_sequences(self.new.connection(), made)
        self.new.commit()
        return total

    def _copied(
        self,
        moved: Sequence[Table],
        made: Sequence[Table],
        before: dict[str, copying.Content],
        total: int,
    ) -> list[str]:
        """Copy, and name what is not equal then."""
        self.listener.begins("Copying", total)
        try:
            for old, new in zip(moved, made, strict=True):
                copying.copy(
                    self.old.connection(),
                    self.new,
                    (old, new),
                    self.listener.step,
                )
                if before[old.name].rows:
                    self.listener.copied(old.name, before[old.name].rows)
        except IntegrityError as error:
            self.new.rollback()
            return [f"a row does not fit ({str(error.orig).strip().splitlines()[0]})"]
        after = self._contents("Comparing", self.new, made, total)
        self.new.commit()
        return [
            _unequal(name, before[name], after[name])
            for name in before
            if before[name] != after[name]
        ]

    def _contents(
        self, what: str, session: Session, tables: Sequence[Table], total: int
    ) -> dict[str, copying.Content]:
        self.listener.begins(what, total)
        return {
            table.name: copying.content(session.connection(), table, self.listener.step)
            for table in tables
        }


def _unequal(name: str, before: copying.Content, after: copying.Content) -> str:
    if before.rows != after.rows:
        return f"{name} has {after.rows:,} rows instead of {before.rows:,}"
    return f"{name} has other words or figures in it"
