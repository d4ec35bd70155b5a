"""Copies tables from one database into another as they are, and tells whether two are equal.

Values are taken as they are stored: JSON as its text, so that no NULL becomes a "null" and no key
changes its place. Nothing is made to fit: what the other database cannot hold is named.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    and_,
    cast,
    func,
    insert,
    inspect,
    or_,
    select,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from bot.model.base import WordSet
from bot.model.move import Move
from bot.store import schema

BATCH_ROWS = 1000
# Rows that hold whole pictures, each of several megabytes.
BATCH_PICTURES = 4
MOST_NAMED = 10
SMALLEST, LARGEST = -(2**31), 2**31 - 1
# The fleet's engine keeps hints in tables of its own; lost or doubled they change nothing.
NOT_OURS = ("alembic_version", "procrastinate_")

# Called with how many more rows are done.
Step = Callable[[int], None]


class _Json(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        return "JSON"


class JsonText(TypeDecorator[str]):
    """A JSON column of PostgreSQL as the text it was given."""

    impl = Text
    cache_ok = True

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        return cast(column, Text())

    def bind_expression(self, bindvalue: Any) -> ColumnElement[str]:
        return cast(bindvalue, _Json())


class PlainJson(Text):
    """A JSON column of SQLite, which is text there."""


def tables(*, is_sqlite: bool) -> list[Table]:
    """Every table that is moved, with columns of plain types, those that others point to first."""
    plain = MetaData()
    return [
        Table(
            table.name,
            plain,
            *(
                Column(
                    column.name,
                    _plain(column.type, is_sqlite=is_sqlite),
                    primary_key=column.primary_key,
                    autoincrement=False,
                )
                for column in table.columns
            ),
        )
        for table in schema.metadata().sorted_tables
        if table.name != Move.__tablename__
    ]


def _plain(kind: TypeEngine[Any], *, is_sqlite: bool) -> TypeEngine[Any]:
    if isinstance(kind, JSON):
        return PlainJson() if is_sqlite else JsonText()
    if isinstance(kind, WordSet):
        return String(kind.impl_instance.length)  # type: ignore[attr-defined]
    return kind


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table holds, and the SHA-256 of all that stands in them."""

    rows: int
    digest: str


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def content(connection: Connection, table: Table, step: Step) -> Content:
    """Read a table through, in the order of its ids."""
    digest, rows = hashlib.sha256(), 0
    for batch in _batches(connection, table, 0):
        for row in batch:
            # Times are aware and UTC, booleans are booleans, text is text on either side.
            digest.update(repr(tuple(row)).encode())
        rows += len(batch)
        step(len(batch))
    return Content(rows, digest.hexdigest())


def copy(source: Connection, target: Session, pair: tuple[Table, Table], step: Step) -> None:
    """Add the rows after the last one that is there, a batch a transaction."""
    old, new = pair
    last = target.scalar(select(func.max(new.c.id))) or 0
    step(target.scalar(select(func.count()).select_from(new)) or 0)
    target.commit()
    for batch in _batches(source, old, last):
        target.connection().execute(insert(new), [row._asdict() for row in batch])
        target.commit()
        step(len(batch))


def _batches(connection: Connection, table: Table, after: int) -> Iterator[Sequence[Any]]:
    holds_pictures = any(type(column.type) is LargeBinary for column in table.columns)
    size = BATCH_PICTURES if holds_pictures else BATCH_ROWS
    query = select(table).where(table.c.id > after).order_by(table.c.id)
    yield from connection.execute(query, execution_options={"yield_per": size}).partitions()


def empty(connection: Connection, moved: Sequence[Table]) -> None:
    """Delete every row of these tables, given with those that others point to first."""
    if connection.dialect.name == "sqlite":
        for table in reversed(moved):
            connection.execute(table.delete())
        return
    names = ", ".join(f'"{table.name}"' for table in moved)
    connection.execute(text(f"TRUNCATE {names}"))


def set_sequences(connection: Connection, moved: Sequence[Table]) -> None:
    """Let the next row of each table get an id that none has; SQLite does so by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table in moved:
        highest = select(func.max(table.c.id)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
        connection.execute(
            select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None)))
        )


def others(connection: Connection) -> list[str]:
    """Tables in the database that are not this bot's."""
    ours = set(schema.metadata().tables)
    names = inspect(connection).get_table_names()
    return sorted(name for name in names if name not in ours and not name.startswith(NOT_OURS))


def unfit(connection: Connection, moved: Sequence[Table]) -> list[str]:
    """What an SQLite database holds and PostgreSQL cannot: `post 12: campaign`, the first few."""
    found: list[str] = []
    for table in moved:
        columns = [column for column in table.columns if not column.primary_key]
        doubts = {column.name: doubt for column in columns for doubt in _doubts(column)}
        if not doubts:
            continue
        query = select(table.c.id, *(doubt.label(name) for name, doubt in doubts.items()))
        rows = connection.execute(query.where(or_(*doubts.values())).limit(MOST_NAMED)).mappings()
        for row in rows:
            wrong = ", ".join(name for name in doubts if row[name])
            found.append(f"{table.name} {row['id']}: {wrong}")
    return found[:MOST_NAMED]


def _doubts(column: Column[Any]) -> Iterator[ColumnElement[bool]]:
    """What PostgreSQL refuses: the character NUL, text longer than its column, numbers over 32
    bits, JSON with NaN in it. SQLite takes all of them."""
    if isinstance(column.type, String):
        holds_nul = func.instr(column, func.char(0)) > 0
        length = column.type.length
        too_long = [func.length(column) > length] if length else []
        is_json = isinstance(column.type, PlainJson)
        no_json = [and_(column.is_not(None), func.json_valid(column) == 0)] if is_json else []
        yield func.coalesce(or_(holds_nul, *too_long, *no_json), False)
    elif isinstance(column.type, Integer) and not isinstance(column.type, BigInteger):
        yield func.coalesce(~column.between(SMALLEST, LARGEST), False)
